#pragma once

#include <torch/types.h>

#include <string>
#include <vector>

namespace florigen::testing {

/// The values of a tensor of a feature network by its name alone, as `oracle/feature_weights.py`: float64, or
/// int64 for a counter.
torch::Tensor feature_weight(const std::string& name, const std::vector<int64_t>& shape);

/// The packed bytes of such a tensor in safetensors' dtype (F32, F64 or I64).
std::vector<uint8_t> feature_weight_bytes(const std::string& name, const std::vector<int64_t>& shape,
                                          const std::string& dtype);

}  // namespace florigen::testing
