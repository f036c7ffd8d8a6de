#include "support/parity.h"

#include <cmath>
#include <cstdlib>

#include "support/digest.h"

namespace florigen::testing {
namespace {

constexpr int64_t kSums = 5;

bool is_gpu() { return test_device() != "cpu"; }

}  // namespace

std::string test_device() {
  const char* device = std::getenv("FLORIGEN_TEST_DEVICE");
  return device != nullptr && *device != '\0' ? device : "cpu";
}

Tolerance tolerance_of(torch::Dtype dtype) {
  if (dtype == torch::kFloat64) return is_gpu() ? Tolerance{1e-9, 1e-10} : Tolerance{1e-10, 1e-12};
  return is_gpu() ? Tolerance{1e-4, 1e-5} : Tolerance{1e-5, 1e-6};
}

NetworkOptions small_network(const std::string& family, const std::string& dtype) {
  return {family,
          /*text_size=*/16,
          /*noise_size=*/6,
          /*projected_text_size=*/8,
          /*generator_features=*/4,
          /*discriminator_features=*/4,
          {dtype, test_device(), /*precision=*/"ieee", /*deterministic=*/true}};
}

::testing::AssertionResult matches_digest(const torch::Tensor& actual, const torch::Tensor& expected,
                                          const Tolerance& tolerance) {
  const torch::Tensor found = digest(actual, expected.numel() - kSums);
  const auto want = expected.accessor<double, 1>();
  const auto have = found.accessor<double, 1>();
  const double norm = std::sqrt(want[kSums - 1]);
  const double root = std::sqrt(static_cast<double>(actual.numel()));
  for (int64_t i = 0; i < expected.numel(); ++i) {
    double bound = tolerance.absolute + tolerance.relative * std::abs(want[i]);
    if (i < kSums - 1) bound = tolerance.absolute * root + tolerance.relative * norm;
    // Of the sum of squares: (norm + e)^2 - norm^2.
    const double e = tolerance.absolute * root + tolerance.relative * norm;
    if (i == kSums - 1) bound = 2 * norm * e + e * e;
    // The negation also refuses NaN.
    if (!(std::abs(have[i] - want[i]) <= bound)) {
      return ::testing::AssertionFailure()
             << "digest entry " << i << " of a tensor " << actual.sizes() << " is " << have[i]
             << ", PyTorch's " << want[i] << ", apart " << have[i] - want[i] << ", allowed " << bound;
    }
  }
  return ::testing::AssertionSuccess();
}

::testing::AssertionResult matches(const torch::Tensor& actual, const torch::Tensor& expected,
                                   const Tolerance& tolerance) {
  if (actual.sizes() != expected.sizes()) {
    return ::testing::AssertionFailure() << "shape " << actual.sizes() << ", PyTorch's " << expected.sizes();
  }
  const torch::Tensor have = actual.detach().to(torch::kCPU, torch::kFloat64);
  const torch::Tensor want = expected.to(torch::kFloat64);
  const torch::Tensor excess = (have - want).abs() - tolerance.relative * want.abs() - tolerance.absolute;
  const torch::Tensor wrong = excess.le(0).logical_not();
  if (!wrong.any().item<bool>()) return ::testing::AssertionSuccess();
  return ::testing::AssertionFailure()
         << wrong.sum().item<int64_t>() << " of " << want.numel()
         << " elements differ, the largest difference is " << (have - want).abs().max().item<double>();
}

torch::Tensor wave(const torch::Tensor& values) {
  const torch::Tensor place = torch::arange(64, torch::TensorOptions(torch::kInt64).device(values.device()));
  const torch::Tensor factor = (5 * place.unsqueeze(1) + 3 * place.unsqueeze(0)).remainder(7) - 2;
  return values.unsqueeze(2).unsqueeze(3) * factor.to(values.scalar_type());
}

}  // namespace florigen::testing
