#pragma once

#include <torch/types.h>

#include "objectives/discriminator_update.h"

namespace florigen {

/// What a generator update sees: the texts [B, d] of its rows and the sizes of its noise.
struct GeneratorBatch {
  torch::Tensor text;
  int64_t noise_size;
  double mode_seeking_weight;  ///< 0 leaves the term and its rows out
};

/// Scalars; `loss` carries the graph, the rest are detached. `mode_seeking_loss` is undefined at weight 0.
struct GeneratorLosses {
  torch::Tensor loss;
  torch::Tensor adversarial_loss;
  torch::Tensor mode_seeking_loss;  ///< unweighted
  torch::Tensor score;              ///< mean sigmoid of the logits of the plain rows
};

/// Section 3 of docs/step.md: one generator pass over plain, interpolated and second rows, one discriminator
/// pass over the first two kinds.
GeneratorLosses generator_losses(const Networks& networks, const GeneratorBatch& batch,
                                 const Objective& objective, const UpdatePlace& place);

}  // namespace florigen
