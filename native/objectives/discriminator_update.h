#pragma once

#include <torch/types.h>

#include "networks/contrastive_head.h"
#include "networks/family.h"
#include "networks/guide.h"
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
  torch::Tensor classes;            ///< int64 [B], with a contrastive term or a guide; else undefined
};

/// Scalars; `loss` carries the graph, the rest are detached. What belongs to a term of weight 0 is undefined.
struct DiscriminatorLosses {
  torch::Tensor loss;
  torch::Tensor real_loss, mismatched_loss, fake_loss;      ///< unweighted means
  torch::Tensor contrastive_loss, guide_loss, critic_loss;  ///< unweighted
  torch::Tensor real_score, mismatched_score, fake_score;   ///< mean sigmoid of the logits
};

struct Networks {
  Generator& generator;
  Discriminator& discriminator;
  ContrastiveHead* contrastive;  ///< null without that term
  Guide* guide;                  ///< null without that term
};

/// Sections 2, 12 and 15 of docs/step.md: passes in the order real, mismatching, fake.
DiscriminatorLosses discriminator_losses(const Networks& networks, const DiscriminatorBatch& batch,
                                         const Objective& objective, const UpdatePlace& place);

}  // namespace florigen
