#include "training/rms_prop.h"

namespace florigen {

RmsProp::RmsProp(const torch::nn::Module& network, const RmsPropOptions& options) : options_(options) {
  for (const auto& item : network.named_parameters()) {
    names_.push_back(item.key());
    parameters_.push_back(item.value());
    mean_squares_.push_back(torch::zeros_like(item.value()));
  }
}

void RmsProp::step(const std::vector<torch::Tensor>& gradients, double learning_rate) {
  const torch::NoGradGuard no_grad;
  at::_foreach_mul_(mean_squares_, options_.alpha);
  at::_foreach_addcmul_(mean_squares_, gradients, gradients, 1 - options_.alpha);
  const std::vector<torch::Tensor> roots = at::_foreach_sqrt(mean_squares_);
  at::_foreach_add_(roots, options_.epsilon);
  at::_foreach_addcdiv_(parameters_, gradients, roots, -learning_rate);
}

std::vector<NamedTensor> RmsProp::state_of(const std::string& network) const {
  std::vector<NamedTensor> tensors;
  for (size_t i = 0; i < names_.size(); ++i) {
    tensors.push_back({"rmsprop." + network + ".mean_square." + names_[i], mean_squares_[i]});
  }
  return tensors;
}

}  // namespace florigen
