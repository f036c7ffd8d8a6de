#include "networks/text/recurrence.h"

namespace florigen::text {
namespace {

/// The steps of [n, steps, width] as [n, width] each.
std::vector<torch::Tensor> steps_of(const torch::Tensor& columns) { return columns.unbind(1); }

torch::Tensor mean_of(const std::vector<torch::Tensor>& hidden) { return at::stack(hidden, 1).mean(1); }

}  // namespace

RectifiedLayer::RectifiedLayer(int64_t width)
    : input_(register_module("i2h", Linear(width, width))),
      hidden_(register_module("h2h", Linear(width, width))) {}

torch::Tensor RectifiedLayer::mean_state(const torch::Tensor& columns) {
  std::vector<torch::Tensor> states;
  for (const torch::Tensor& input : steps_of(input_(columns))) {
    states.push_back(at::relu(states.empty() ? input : input + hidden_(states.back())));
  }
  return mean_of(states);
}

GatedLayer::GatedLayer(int64_t width)
    : input_(register_module("i2h", Linear(width, width))),
      hidden_(register_module("h2h", Linear(width, width))),
      input_update_(register_module("i2h_update", Linear(width, width))),
      hidden_update_(register_module("h2h_update", Linear(width, width))),
      input_reset_(register_module("i2h_reset", Linear(width, width))),
      hidden_reset_(register_module("h2h_reset", Linear(width, width))) {}

torch::Tensor GatedLayer::mean_state(const torch::Tensor& columns) {
  const std::vector<torch::Tensor> inputs = steps_of(input_(columns));
  const std::vector<torch::Tensor> updates = steps_of(input_update_(columns));
  const std::vector<torch::Tensor> resets = steps_of(input_reset_(columns));
  std::vector<torch::Tensor> states{at::tanh(inputs[0])};
  for (size_t step = 1; step < inputs.size(); ++step) {
    const torch::Tensor& before = states.back();
    const torch::Tensor update = at::sigmoid(updates[step] + hidden_update_(before));
    const torch::Tensor reset = at::sigmoid(resets[step] + hidden_reset_(before));
    const torch::Tensor candidate = at::tanh(inputs[step] + hidden_(reset * before));
    states.push_back(update * candidate + (1 - update) * before);
  }
  return mean_of(states);
}

std::shared_ptr<RecurrentLayer> make_recurrent_layer(Recurrence kind, int64_t width) {
  if (kind == Recurrence::kGated) return std::make_shared<GatedLayer>(width);
  return std::make_shared<RectifiedLayer>(width);
}

}  // namespace florigen::text
