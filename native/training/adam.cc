#include "training/adam.h"

#include <ATen/ops/_fused_adam.h>

namespace florigen {

Adam::Adam(const torch::nn::Module& network, const AdamOptions& options) : options_(options) {
  for (const auto& item : network.named_parameters()) {
    names_.push_back(item.key());
    parameters_.push_back(item.value());
    first_moments_.push_back(torch::zeros_like(item.value()));
    second_moments_.push_back(torch::zeros_like(item.value()));
  }
  step_ = torch::zeros({}, parameters_.front().options().dtype(torch::kFloat32).requires_grad(false));
}

void Adam::step(const std::vector<torch::Tensor>& gradients, double learning_rate) {
  const torch::NoGradGuard no_grad;
  // The fused kernel walks raw memory: a gradient of other strides would move the wrong elements, without an
  // error.
  std::vector<torch::Tensor> aligned;
  aligned.reserve(gradients.size());
  for (size_t i = 0; i < gradients.size(); ++i) {
    const bool same = gradients[i].strides() == parameters_[i].strides();
    aligned.push_back(same ? gradients[i] : torch::empty_like(parameters_[i]).copy_(gradients[i]));
  }
  step_.add_(1);  // the kernel reads the count and does not advance it
  const std::vector<torch::Tensor> steps(parameters_.size(), step_);
  at::_fused_adam_(parameters_, aligned, first_moments_, second_moments_, /*max_exp_avg_sqs=*/{}, steps,
                   learning_rate, options_.beta1, options_.beta2, /*weight_decay=*/0, options_.epsilon,
                   /*amsgrad=*/false,
                   /*maximize=*/false);
}

int64_t Adam::step_count() const { return static_cast<int64_t>(step_.item<float>()); }

std::vector<NamedTensor> Adam::state_of(const std::string& network) const {
  const std::string prefix = "adam." + network;
  std::vector<NamedTensor> tensors;
  for (size_t i = 0; i < names_.size(); ++i)
    tensors.push_back({prefix + ".exp_avg." + names_[i], first_moments_[i]});
  for (size_t i = 0; i < names_.size(); ++i) {
    tensors.push_back({prefix + ".exp_avg_sq." + names_[i], second_moments_[i]});
  }
  tensors.push_back({prefix + ".step", step_});
  return tensors;
}

}  // namespace florigen
