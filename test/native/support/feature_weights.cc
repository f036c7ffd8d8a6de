#include "support/feature_weights.h"

#include <cmath>

#include "core/named_tensor.h"
#include "core/numeric_options.h"
#include "core/random_tensors.h"

namespace florigen::testing {
namespace {

constexpr uint32_t kSeed = 20;

bool ends_with(const std::string& text, const std::string& end) {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

}  // namespace

torch::Tensor feature_weight(const std::string& name, const std::vector<int64_t>& shape) {
  const StreamId id{kSeed, Purpose::kInitialWeights, /*step=*/0, fnv1a(name), /*row=*/0};
  const int64_t count = c10::multiply_integers(shape);
  if (ends_with(name, "num_batches_tracked")) return torch::zeros(shape, torch::kInt64);
  if (ends_with(name, "running_var")) return uniform_vector(id, count).mul(0.5).add(1).view(shape);
  const torch::Tensor values = normal_vector(id, count).view(shape);
  if (shape.size() > 1)
    return values * std::sqrt(2.0 * static_cast<double>(shape[0]) / static_cast<double>(count));
  return values * 0.1 + (ends_with(name, "bn.weight") ? 1.0 : 0.0);
}

std::vector<uint8_t> feature_weight_bytes(const std::string& name, const std::vector<int64_t>& shape,
                                          const std::string& dtype) {
  return tensor_bytes(feature_weight(name, shape).to(parse_dtype_name(dtype)));
}

}  // namespace florigen::testing
