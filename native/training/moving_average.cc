#include "training/moving_average.h"

#include <algorithm>

namespace florigen {
namespace {

// The ramp of the decay: the average of the first updates is over about k / 9 of them.
constexpr double kRamp = 9;

}  // namespace

void update_average(torch::nn::Module& average, const torch::nn::Module& network,
                    const AverageUpdate& update) {
  const torch::NoGradGuard no_grad;
  const auto count = static_cast<double>(update.update_count);
  const double decay = std::min(update.decay, count / (count + kRamp));
  at::_foreach_lerp_(average.parameters(), network.parameters(), 1 - decay);
  const std::vector<torch::Tensor> averaged = average.buffers();
  const std::vector<torch::Tensor> current = network.buffers();
  for (size_t i = 0; i < averaged.size(); ++i) {
    if (averaged[i].is_floating_point()) {
      averaged[i].lerp_(current[i], 1 - decay);
    } else {
      averaged[i].copy_(current[i]);
    }
  }
}

}  // namespace florigen
