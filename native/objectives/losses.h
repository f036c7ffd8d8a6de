#pragma once

#include <torch/types.h>

namespace florigen {

/// Binary cross-entropy of logits against label 1, per row: softplus(-l). Computed in at least float32.
torch::Tensor loss_against_one(const torch::Tensor& logits);
/// Binary cross-entropy of logits against label 0, per row: softplus(l).
torch::Tensor loss_against_zero(const torch::Tensor& logits);

/// Two batches of images [n, 3, s, s] drawn from two batches of noise [n, nz] and one text.
struct NoisePair {
  torch::Tensor images;
  torch::Tensor other_images;
  torch::Tensor noise;
  torch::Tensor other_noise;
};

/// The mode-seeking term (Mao et al. 2019, eq. 2, inverted as in their code, per row): the mean over rows of
/// 1 / (mean|images difference| / mean|noise difference| + epsilon).
torch::Tensor mode_seeking_loss(const NoisePair& pair, double epsilon);

/// Adds `weight * term` to `loss`, and returns the term without its graph.
torch::Tensor add_term(torch::Tensor& loss, double weight, const torch::Tensor& term);

}  // namespace florigen
