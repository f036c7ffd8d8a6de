#pragma once

#include <torch/nn/module.h>

#include <memory>
#include <string>
#include <vector>

#include "core/named_tensor.h"

namespace florigen {

/// An optimizer by the name that the boundary has for it.
struct OptimizerOptions {
  std::string kind;  ///< rmsprop or adam
  double beta1;      ///< of Adam
  double beta2;      ///< of Adam; of RMSprop the decay of the mean square
  double epsilon;
};

/// Moves the parameters of one network.
class Optimizer {
 public:
  virtual ~Optimizer() = default;
  /// Applies one update. `gradients` in the order of `parameters()`; any strides.
  virtual void step(const std::vector<torch::Tensor>& gradients, double learning_rate) = 0;
  virtual const std::vector<torch::Tensor>& parameters() const = 0;
  /// What it remembers, under names that begin with its own kind: `KIND.NETWORK. ...`.
  virtual std::vector<NamedTensor> state_of(const std::string& network) const = 0;
};

/// Throws kUsage for a kind that is none.
std::unique_ptr<Optimizer> make_optimizer(const torch::nn::Module& network, const OptimizerOptions& options);

}  // namespace florigen
