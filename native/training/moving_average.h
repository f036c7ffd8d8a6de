#pragma once

#include <torch/nn/module.h>

namespace florigen {

/// Moves `average` towards `network`: parameters and floating buffers `a e + (1 - a) p`, integer buffers
/// copied, with `a = min(decay, k / (k + 9))` after generator update `k` (from 1). Both have the same tensors
/// in the same order.
struct AverageUpdate {
  double decay;
  int64_t update_count;
};
void update_average(torch::nn::Module& average, const torch::nn::Module& network,
                    const AverageUpdate& update);

}  // namespace florigen
