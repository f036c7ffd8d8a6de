#include "core/covariance_root.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include <cmath>
#include <limits>
#include <vector>

#include "core/error.h"

namespace florigen {
namespace {

ErrorCode code_of(std::vector<float> rows, int64_t width) {
  try {
    covariance_root(std::move(rows), width);
  } catch (const Error& error) {
    return error.code();
  }
  ADD_FAILURE() << "nothing was thrown";
  return ErrorCode::kNative;
}

TEST(CovarianceRoot, OfTwoDirectionsIsKnown) {
  // Along (1, 1) the variance is 18, along (1, -1) it is 2, so the roots are 3 and 1 times the square root
  // of 2.
  const std::vector<float> root =
      covariance_root({5 + 3, 7 + 3, 5 - 3, 7 - 3, 5 + 1, 7 - 1, 5 - 1, 7 + 1}, 2);
  ASSERT_EQ(root.size(), 4U);
  const double wide = std::sqrt(36.0 / 3);
  const double narrow = std::sqrt(4.0 / 3);
  EXPECT_NEAR(root[0], (wide + narrow) / 2, 1e-6);
  EXPECT_NEAR(root[1], (wide - narrow) / 2, 1e-6);
  EXPECT_EQ(root[1], root[2]);
  EXPECT_NEAR(root[3], root[0], 1e-6);
}

TEST(CovarianceRoot, TimesItselfIsTheCovarianceOfFewerRowsThanNumbers) {
  torch::manual_seed(3);
  const torch::Tensor rows = torch::randn({20, 50});
  const std::vector<float> given(rows.const_data_ptr<float>(), rows.const_data_ptr<float>() + rows.numel());
  std::vector<float> found = covariance_root(given, 50);
  const torch::Tensor root = torch::from_blob(found.data(), {50, 50}).to(torch::kFloat64);
  const torch::Tensor expected = torch::cov(rows.t().to(torch::kFloat64));
  EXPECT_LT((root.mm(root) - expected).abs().max().item<double>(), 1e-5);
  EXPECT_LT((root - root.t()).abs().max().item<double>(), 1e-6);
}

TEST(CovarianceRoot, RefusesWhatHasNoCovariance) {
  EXPECT_EQ(code_of({1, 2, 3}, 2), ErrorCode::kUsage);
  EXPECT_EQ(code_of({1, 2}, 2), ErrorCode::kUsage);
  EXPECT_EQ(code_of({}, 0), ErrorCode::kUsage);
  EXPECT_EQ(code_of({1, std::numeric_limits<float>::infinity()}, 1), ErrorCode::kNonFinite);
}

}  // namespace
}  // namespace florigen
