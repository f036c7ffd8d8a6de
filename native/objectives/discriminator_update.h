#pragma once

#include <torch/types.h>

#include "networks/family.h"
#include "objectives/objective_options.h"

namespace florigen {

/// What a discriminator update sees. Images [B, 3, 64, 64], texts [B, d]; a gradient flows into the texts
/// from what says whether they match, not from the fakes (docs/step.md, section 11).
struct DiscriminatorBatch {
  torch::Tensor images;
  torch::Tensor text;
  torch::Tensor mismatched_images;  ///< pairing authors with a weight; else undefined
  torch::Tensor mismatched_text;    ///< pairing paper with a weight; else undefined
  torch::Tensor noise;              ///< [B, nz]
};

/// Scalars; `loss` carries the graph, the rest are detached. The mismatched ones are undefined at weight 0.
struct DiscriminatorLosses {
  torch::Tensor loss;
  torch::Tensor real_loss, mismatched_loss, fake_loss;     ///< unweighted means
  torch::Tensor real_score, mismatched_score, fake_score;  ///< mean sigmoid of the logits
};

struct Networks {
  Generator& generator;
  Discriminator& discriminator;
};

/// Section 2 of docs/step.md: passes in the order real, mismatching, fake.
DiscriminatorLosses discriminator_losses(const Networks& networks, const DiscriminatorBatch& batch,
                                         const Objective& objective, const UpdatePlace& place);

}  // namespace florigen
