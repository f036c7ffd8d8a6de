#pragma once

#include <torch/types.h>

namespace florigen {

/// For each list of `captions` [lists, n], -1 where one is absent and never all of them, the mean of the rows
/// of `table` [captions, d] that it names: their sum in column order divided by their count, in `dtype`. A
/// gradient goes through.
torch::Tensor caption_means(const torch::Tensor& table, const torch::Tensor& captions, torch::Dtype dtype);

}  // namespace florigen
