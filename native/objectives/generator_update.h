#pragma once

#include <torch/types.h>

#include "objectives/discriminator_update.h"

namespace florigen {

/// What a generator update sees: the texts [B, d] of its rows and the sizes of its noise.
struct GeneratorBatch {
  torch::Tensor text;
  torch::Tensor classes;  ///< int64 [B], with a contrastive term or a guide; else undefined
  int64_t noise_size;
  double mode_seeking_weight;  ///< 0 leaves the term and its rows out
};

/// Scalars; `loss` carries the graph, the rest are detached. What belongs to a term of weight 0 is undefined.
struct GeneratorLosses {
  torch::Tensor loss;
  torch::Tensor adversarial_loss;
  torch::Tensor mode_seeking_loss;  ///< unweighted
  torch::Tensor contrastive_loss;   ///< unweighted
  torch::Tensor guide_loss;         ///< unweighted
  torch::Tensor critic_loss;        ///< unweighted
  torch::Tensor score;              ///< mean sigmoid of the logits of the plain rows
};

/// Sections 3, 12 and 15 of docs/step.md: one generator pass over plain, interpolated and second rows, one
/// discriminator pass over the first two kinds.
GeneratorLosses generator_losses(const Networks& networks, const GeneratorBatch& batch,
                                 const Objective& objective, const UpdatePlace& place);

}  // namespace florigen
