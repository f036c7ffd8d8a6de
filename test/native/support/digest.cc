#include "support/digest.h"

namespace florigen::testing {
namespace {

constexpr int64_t kProjections = 4;

/// SplitMix64's finalizer.
uint64_t mix(uint64_t value) {
  uint64_t z = value * 0x9E3779B97F4A7C15ull;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
  return z ^ (z >> 31);
}

}  // namespace

torch::Tensor digest(const torch::Tensor& tensor, int64_t elements) {
  const torch::Tensor values = tensor.detach().to(torch::kCPU, torch::kFloat64).contiguous();
  const double* value = values.const_data_ptr<double>();
  const auto count = static_cast<uint64_t>(values.numel());
  torch::Tensor result = torch::zeros({kProjections + 1 + elements}, torch::kFloat64);
  double* out = result.mutable_data_ptr<double>();
  for (uint64_t i = 0; i < count; ++i) {
    const uint64_t bits = mix(i + 1);
    for (int64_t k = 0; k < kProjections; ++k) out[k] += (bits >> k) & 1 ? value[i] : -value[i];
    out[kProjections] += value[i] * value[i];
  }
  for (int64_t i = 0; i < elements; ++i) {
    out[kProjections + 1 + i] = value[mix(static_cast<uint64_t>(i) + 1) % count];
  }
  return result;
}

}  // namespace florigen::testing
