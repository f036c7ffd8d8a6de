#include "objectives/critic.h"

#include "objectives/losses.h"

namespace florigen {
namespace {

torch::Tensor loss_of_map(const torch::Tensor& logits, int64_t real) {
  const torch::Tensor real_loss = loss_against_one(logits.narrow(0, 0, real)).mean();
  const int64_t drawn = logits.size(0) - real;
  return drawn == 0 ? real_loss : real_loss + loss_against_zero(logits.narrow(0, real, drawn)).mean();
}

}  // namespace

torch::Tensor critic_loss(const std::vector<torch::Tensor>& maps, int64_t real) {
  std::vector<torch::Tensor> losses;
  losses.reserve(maps.size());
  for (const torch::Tensor& logits : maps) losses.push_back(loss_of_map(logits, real));
  return at::stack(losses).mean();
}

}  // namespace florigen
