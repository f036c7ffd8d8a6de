#pragma once

#include <torch/nn/module.h>

#include <cstdint>
#include <string>

namespace florigen {

/// Fills every parameter from Philox, keyed by seed and full name (docs/step.md, section 8): convolutions
/// N(0, 0.02), batch norm N(1, 0.02) and 0, Linear U(-1/sqrt(in), 1/sqrt(in)).
void initialize_weights(torch::nn::Module& network, const std::string& prefix, uint32_t seed);

/// Fills every parameter, biases included, with U(-range, range), keyed by seed and name
/// (docs/encoder-step.md, section 2).
void initialize_uniform(torch::nn::Module& network, double range, uint32_t seed);

}  // namespace florigen
