#include "networks/cosines.h"

namespace florigen {
namespace {

constexpr double kSmallestLength = 1e-12;

torch::Tensor of_length_one(const torch::Tensor& vectors) {
  return vectors / vectors.norm(2, /*dim=*/1, /*keepdim=*/true).clamp_min(kSmallestLength);
}

}  // namespace

torch::Tensor cosines_between(const torch::Tensor& a, const torch::Tensor& b) {
  return at::mm(of_length_one(a), of_length_one(b).t());
}

}  // namespace florigen
