#pragma once

#include <torch/nn/module.h>

#include <string>
#include <vector>

#include "core/named_tensor.h"

namespace florigen {

struct AdamOptions {
  double beta1;
  double beta2;
  double epsilon;
};

/// PyTorch's Adam without weight decay, over all parameters of a network in one fused call (docs/step.md,
/// section 4).
class Adam {
 public:
  Adam(const torch::nn::Module& network, const AdamOptions& options);

  /// Applies one update. `gradients` in the order of `parameters()`; any strides.
  void step(const std::vector<torch::Tensor>& gradients, double learning_rate);

  const std::vector<torch::Tensor>& parameters() const { return parameters_; }
  /// Updates so far.
  int64_t step_count() const;
  /// `PREFIX.exp_avg.NAME`, `PREFIX.exp_avg_sq.NAME` for each parameter, and `PREFIX.step`.
  std::vector<NamedTensor> state(const std::string& prefix) const;

 private:
  AdamOptions options_;
  std::vector<std::string> names_;
  std::vector<torch::Tensor> parameters_;
  std::vector<torch::Tensor> first_moments_;
  std::vector<torch::Tensor> second_moments_;
  torch::Tensor step_;  ///< float32, on the parameters' device
};

}  // namespace florigen
