#pragma once

#include "training/optimizer.h"

namespace florigen {

struct RmsPropOptions {
  double alpha;
  double epsilon;
};

/// RMSprop as Torch7 has it: epsilon is added to the root (docs/encoder-step.md, section 4).
class RmsProp : public Optimizer {
 public:
  RmsProp(const torch::nn::Module& network, const RmsPropOptions& options);

  void step(const std::vector<torch::Tensor>& gradients, double learning_rate) override;
  const std::vector<torch::Tensor>& parameters() const override { return parameters_; }
  /// `rmsprop.NETWORK.mean_square.NAME` for each parameter.
  std::vector<NamedTensor> state_of(const std::string& network) const override;

 private:
  RmsPropOptions options_;
  std::vector<std::string> names_;
  std::vector<torch::Tensor> parameters_;
  std::vector<torch::Tensor> mean_squares_;
};

}  // namespace florigen
