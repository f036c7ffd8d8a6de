#pragma once

#include <torch/types.h>

#include <vector>

namespace florigen {

/// Cross-entropy of logits [n, places] of several maps: of the first `real` rows against 1, of the others,
/// where there are any, against 0; each a mean over rows and places, then the mean over maps (docs/step.md,
/// section 15).
torch::Tensor critic_loss(const std::vector<torch::Tensor>& maps, int64_t real);

}  // namespace florigen
