#include "objectives/losses.h"

namespace florigen {
namespace {

/// Autocast leaves logits in bfloat16; losses want more digits.
torch::Tensor at_least_float32(const torch::Tensor& values) {
  return values.scalar_type() == torch::kBFloat16 ? values.to(torch::kFloat32) : values;
}

torch::Tensor row_distance(const torch::Tensor& a, const torch::Tensor& b) {
  return at_least_float32(a - b).abs().flatten(1).mean(1);
}

}  // namespace

torch::Tensor loss_against_one(const torch::Tensor& logits) {
  return at::softplus(at_least_float32(logits).neg());
}

torch::Tensor loss_against_zero(const torch::Tensor& logits) {
  return at::softplus(at_least_float32(logits));
}

torch::Tensor mode_seeking_loss(const NoisePair& pair, double epsilon) {
  const torch::Tensor ratio =
      row_distance(pair.images, pair.other_images) / row_distance(pair.noise, pair.other_noise);
  return (ratio + epsilon).reciprocal().mean();
}

torch::Tensor add_term(torch::Tensor& loss, double weight, const torch::Tensor& term) {
  loss = loss + weight * term;
  return term.detach();
}

}  // namespace florigen
