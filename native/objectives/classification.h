#pragma once

#include <torch/types.h>

#include <vector>

namespace florigen {

/// What the heads of a feature network answer, against labels (docs/features-step.md, sections 3 and 4).
struct Classification {
  torch::Tensor loss;                      ///< []: the weighted sum over the heads
  std::vector<torch::Tensor> head_losses;  ///< [] each: the mean over the rows with a label, 0 without any
  std::vector<torch::Tensor> accuracies;   ///< [] each: undefined where no row has a label
};

/// `logits`: [rows, classes] for each head. `labels` int64 [rows, heads] on the CPU, -1 for none. `weights`:
/// one for each head.
Classification classify(const std::vector<torch::Tensor>& logits, const torch::Tensor& labels,
                        const std::vector<double>& weights);

}  // namespace florigen
