#pragma once

#include <torch/nn/module.h>
#include <torch/types.h>

namespace florigen {

/// Moves every parameter and buffer of a network to `device`, floating ones in `dtype`, integer ones in their
/// own. Weights of convolutions are channels last: what both oneDNN and cuDNN run fastest in.
void place(torch::nn::Module& network, torch::Device device, torch::Dtype dtype);

}  // namespace florigen
