#include "core/covariance_root.h"

#include <torch/types.h>

#include <string>

#include "core/error.h"

namespace florigen {
namespace {

int64_t count_rows(const std::vector<float>& rows, int64_t width) {
  const auto numbers = static_cast<int64_t>(rows.size());
  if (width >= 1 && numbers % width == 0 && numbers / width >= 2) return numbers / width;
  throw_must_be(ErrorCode::kUsage, "rows", "at least two rows of " + std::to_string(width) + " numbers",
                std::to_string(numbers) + " numbers");
}

}  // namespace

std::vector<float> covariance_root(std::vector<float> rows, int64_t width) {
  const int64_t count = count_rows(rows, width);
  const torch::NoGradGuard no_grad;
  torch::Tensor apart = torch::from_blob(rows.data(), {count, width}).to(torch::kFloat64);
  apart = apart - apart.mean(0);
  const torch::Tensor covariance = apart.t().mm(apart).div_(static_cast<double>(count - 1));
  if (!covariance.isfinite().all().item<bool>()) {
    throw Error(ErrorCode::kNonFinite, "`rows` have a covariance that is not finite");
  }
  const auto [squares, directions] = at::linalg_eigh(covariance);
  // Rounding leaves some of the least a little below 0.
  const torch::Tensor root = (directions * squares.clamp_min(0).sqrt()).mm(directions.t());
  const torch::Tensor result = root.to(torch::kFloat32).contiguous();
  const auto* numbers = result.const_data_ptr<float>();
  return {numbers, numbers + result.numel()};
}

}  // namespace florigen
