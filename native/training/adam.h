#pragma once

#include "training/optimizer.h"

namespace florigen {

struct AdamOptions {
  double beta1;
  double beta2;
  double epsilon;
};

/// PyTorch's Adam without weight decay, over all parameters of a network in one fused call (docs/step.md,
/// section 4).
class Adam : public Optimizer {
 public:
  Adam(const torch::nn::Module& network, const AdamOptions& options);

  void step(const std::vector<torch::Tensor>& gradients, double learning_rate) override;
  const std::vector<torch::Tensor>& parameters() const override { return parameters_; }
  /// Updates so far.
  int64_t step_count() const;
  /// `adam.NETWORK.exp_avg.NAME`, `adam.NETWORK.exp_avg_sq.NAME` for each parameter, `adam.NETWORK.step`.
  std::vector<NamedTensor> state_of(const std::string& network) const override;

 private:
  AdamOptions options_;
  std::vector<std::string> names_;
  std::vector<torch::Tensor> parameters_;
  std::vector<torch::Tensor> first_moments_;
  std::vector<torch::Tensor> second_moments_;
  torch::Tensor step_;  ///< float32, on the parameters' device
};

}  // namespace florigen
