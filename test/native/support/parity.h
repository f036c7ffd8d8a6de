#pragma once

#include <gtest/gtest.h>
#include <torch/types.h>

#include <string>

#include "networks/network_options.h"

namespace florigen::testing {

/// |difference| <= absolute + relative * |expected|, element by element.
struct Tolerance {
  double relative;
  double absolute;
};

/// cpu, or what FLORIGEN_TEST_DEVICE says.
std::string test_device();
/// DESIGN section 7: 1e-5 and 1e-6 in float32; in float64 far below its 1e-9. Looser on a GPU, whose sums run
/// in another order.
Tolerance tolerance_of(torch::Dtype dtype);

/// The sizes of every fixture (oracle/cases.py) on the test's device.
NetworkOptions small_network(const std::string& family, const std::string& dtype);

/// Compares a tensor with a row of digests. Signed sums may differ by the root of the element count times
/// what one element may; a single wrong element shows up whole in each of them.
::testing::AssertionResult matches_digest(const torch::Tensor& actual, const torch::Tensor& expected,
                                          const Tolerance& tolerance);

/// Compares whole tensors; `expected` may have another dtype.
::testing::AssertionResult matches(const torch::Tensor& actual, const torch::Tensor& expected,
                                   const Tolerance& tolerance);

/// `values` [r, 3] to [r, 3, 64, 64]: times (5 y + 3 x) mod 7 - 2, as `wave` of make_fixtures.py.
torch::Tensor wave(const torch::Tensor& values);

}  // namespace florigen::testing
