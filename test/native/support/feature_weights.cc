#include "support/feature_weights.h"

#include <cmath>

#include "core/named_tensor.h"
#include "core/numeric_options.h"
#include "core/random_tensors.h"

namespace florigen::testing {
namespace {

constexpr uint32_t kSeed = 20;
constexpr int64_t kLength = 65537;

/// The table of normal numbers that serves all tensors.
const torch::Tensor& table() {
  static const torch::Tensor numbers =
      normal_vector({kSeed, Purpose::kInitialWeights, /*step=*/0, /*pass=*/0, /*row=*/0}, kLength);
  return numbers;
}

bool ends_with(const std::string& text, const std::string& end) {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

}  // namespace

torch::Tensor feature_weight(const std::string& name, const std::vector<int64_t>& shape) {
  if (ends_with(name, "num_batches_tracked")) return torch::zeros(shape, torch::kInt64);
  const int64_t count = c10::multiply_integers(shape);
  const torch::Tensor place = (torch::arange(count) + static_cast<int64_t>(fnv1a(name))).remainder(kLength);
  const torch::Tensor numbers = table().index_select(0, place).view(shape);
  if (ends_with(name, "running_var")) return numbers.abs() * 0.2 + 1;
  if (shape.size() > 1) {
    return numbers * std::sqrt(2.0 * static_cast<double>(shape[0]) / static_cast<double>(count));
  }
  return numbers * 0.1 + (ends_with(name, "bn.weight") ? 1.0 : 0.0);
}

std::vector<uint8_t> feature_weight_bytes(const std::string& name, const std::vector<int64_t>& shape,
                                          const std::string& dtype) {
  return tensor_bytes(feature_weight(name, shape).to(parse_dtype_name(dtype)));
}

}  // namespace florigen::testing
