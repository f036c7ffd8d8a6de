#pragma once

#include <torch/types.h>

#include <vector>

#include "core/named_tensor.h"

namespace florigen {

/// Sums and counts since TypeScript last wrote zeros into them, on the device of the networks. They belong to
/// the state, so that the means of an interrupted epoch are the same bits.
class MetricSums {
 public:
  /// Zeros for `count` metrics.
  MetricSums(torch::Device device, int64_t count);
  /// Adds a scalar to the metric of that number, an enum of the trainer's; an undefined one is left out.
  template <typename Metric>
  void add(Metric metric, const torch::Tensor& value) {
    add_at(static_cast<int64_t>(metric), value);
  }
  std::vector<NamedTensor> state() const;

 private:
  void add_at(int64_t metric, const torch::Tensor& value);

  torch::Tensor sums_;    ///< float64 [metrics]
  torch::Tensor counts_;  ///< int64 [metrics]
};

}  // namespace florigen
