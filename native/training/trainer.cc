#include "training/trainer.h"

#include <algorithm>
#include <iterator>

#include "core/error.h"

namespace florigen {
namespace {

void check_range(const Plan& plan, int64_t first, int64_t last) {
  if (first < 0 || last < first || last > plan.step_count()) {
    throw_must_be(ErrorCode::kUsage, "range",
                  "within the " + std::to_string(plan.step_count()) + " steps of the plan",
                  std::to_string(first) + " to " + std::to_string(last));
  }
}

/// Replaces the loss of that name, or appends it.
void note(std::vector<NamedLoss>& losses, const NamedLoss& loss) {
  const auto found = std::find_if(losses.begin(), losses.end(), [&loss](const NamedLoss& known) {
    return std::string_view(known.name) == loss.name;
  });
  if (found == losses.end()) {
    losses.push_back(loss);
  } else {
    *found = loss;
  }
}

}  // namespace

Trainer::Trainer(uint32_t seed) : seed_(seed), global_step_(torch::zeros({}, torch::kInt64)) {}

void Trainer::keep_progress(const MetricSums& metrics) {
  keep({{"progress.step", global_step_}});
  keep(metrics.state());
}

void Trainer::keep(std::vector<NamedTensor> tensors) {
  state_.insert(state_.end(), std::make_move_iterator(tensors.begin()),
                std::make_move_iterator(tensors.end()));
}

std::vector<uint8_t> Trainer::read_state(const std::string& name) const {
  return tensor_bytes(find_tensor(state_, name));
}

void Trainer::write_state(const std::string& name, const uint8_t* data, size_t bytes) {
  assign_bytes({name, find_tensor(state_, name)}, data, bytes);
}

RunResult Trainer::run(const Plan& plan, int64_t first, int64_t last, const ShouldStop& should_stop,
                       const OnProgress& on_progress) {
  check(plan);
  check_range(plan, first, last);
  RunProgress progress{.next_step = first, .global_step = global_step_.item<int64_t>(), .losses = {}};
  while (progress.next_step < last) {
    if (should_stop()) return {progress.next_step, progress.global_step, /*cancelled=*/true};
    uint32_t index = 0;
    for (const Update& planned : plan.updates_of(progress.next_step)) {
      const UpdatePlace place{seed_, static_cast<uint32_t>(progress.global_step), index++};
      // One scope per update: autocast keeps its bfloat16 copies of the weights until the scope ends.
      const NumericModeScope mode(numeric_mode());
      note(progress.losses, update({plan, planned, place, progress.next_step}));
    }
    global_step_.add_(1);
    ++progress.next_step;
    ++progress.global_step;
    on_progress(progress);
  }
  return {progress.next_step, progress.global_step, /*cancelled=*/false};
}

}  // namespace florigen
