#pragma once

#include <torch/types.h>

namespace florigen {

struct JointEmbeddingOptions {
  bool symmetric;  ///< also images ranked for each text
  double margin;
};

/// How well texts and images find each other within a batch (docs/encoder-step.md, sections 3 and 5).
struct JointEmbedding {
  torch::Tensor loss;      ///< []
  torch::Tensor accuracy;  ///< []: share of the images whose nearest text is their own
};

/// Structured joint embedding of `images` and `texts`, [rows, d] each, row for row; in at least float32.
JointEmbedding joint_embedding(const torch::Tensor& images, const torch::Tensor& texts,
                               const JointEmbeddingOptions& options);

}  // namespace florigen
