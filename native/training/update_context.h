#pragma once

#include <torch/types.h>

#include <vector>

#include "data/plan.h"
#include "objectives/objective_options.h"

namespace florigen {

/// One update of one step: what it works on, and how it is refused.
struct UpdateContext {
  const Plan& plan;
  Update update;
  UpdatePlace place;
  int64_t plan_step;

  /// Gradients of `loss`; throws kNonFinite, naming step, update and rows, unless it and they are finite.
  std::vector<torch::Tensor> gradients(const torch::Tensor& loss,
                                       const std::vector<torch::Tensor>& parameters) const;
};

}  // namespace florigen
