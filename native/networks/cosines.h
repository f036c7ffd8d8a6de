#pragma once

#include <torch/types.h>

namespace florigen {

/// Cosines between the rows of `a` [n, c] and `b` [m, c]: [n, m]. A row of zeros has a cosine of 0 with all.
torch::Tensor cosines_between(const torch::Tensor& a, const torch::Tensor& b);

}  // namespace florigen
