#pragma once

#include <torch/types.h>

#include <vector>

#include "core/named_tensor.h"

namespace florigen {

/// The metrics of a step in the order of the state tensors (docs/step.md, section 10).
enum class Metric : int64_t {
  kDiscriminatorLoss,
  kRealLoss,
  kMismatchedLoss,
  kFakeLoss,
  kRealScore,
  kMismatchedScore,
  kFakeScore,
  kGeneratorLoss,
  kAdversarialLoss,
  kModeSeekingLoss,
  kGeneratorScore,
  kCount,
};

/// Sums and counts since TypeScript last wrote zeros into them, on the device of the networks. They belong to
/// the state, so that the means of an interrupted epoch are the same bits.
class MetricSums {
 public:
  explicit MetricSums(torch::Device device);
  /// Adds a scalar; an undefined one is left out.
  void add(Metric metric, const torch::Tensor& value);
  std::vector<NamedTensor> state() const;

 private:
  torch::Tensor sums_;    ///< float64 [11]
  torch::Tensor counts_;  ///< int64 [11]
};

}  // namespace florigen
