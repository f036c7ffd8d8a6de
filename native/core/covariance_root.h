#pragma once

#include <cstdint>
#include <vector>

namespace florigen {

/// The symmetric root of the covariance of rows of `width` numbers, [width, width] row-major: multiplied by
/// itself it is the covariance. Computed in float64 on the CPU. Throws kUsage unless `rows` holds at least
/// two whole rows, and kNonFinite where the covariance is not finite.
std::vector<float> covariance_root(std::vector<float> rows, int64_t width);

}  // namespace florigen
