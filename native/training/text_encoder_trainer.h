#pragma once

#include <memory>
#include <optional>
#include <string>

#include "core/precision.h"
#include "data/encoder_source.h"
#include "networks/text/text_network.h"
#include "networks/text/word_dropout.h"
#include "objectives/joint_embedding.h"
#include "training/metric_sums.h"
#include "training/optimizer.h"
#include "training/trainer.h"

namespace florigen {

/// All that a text encoder's trainer is made from; every field is given by TypeScript.
struct TextEncoderOptions {
  TextNetworkOptions network;
  uint32_t seed;
  TensorRef tokens;                   ///< I32 [captions, length]
  std::optional<TensorRef> features;  ///< F32 [images, views, E] for `sje`, none for `captions`
  std::string objective;              ///< sje or captions
  JointEmbeddingOptions joint_embedding;
  OptimizerOptions optimizer;
  double initial_range;
  text::WordDropout word_dropout;
};

/// The metrics of a text encoder's step in the order of the state tensors (docs/encoder-step.md, section 5).
enum class EncoderMetric : int64_t { kLoss, kAccuracy, kCount };

/// Trains a text network by structured joint embedding, with features of images or with other captions of
/// theirs.
class TextEncoderTrainer : public Trainer {
 public:
  explicit TextEncoderTrainer(const TextEncoderOptions& options);

 protected:
  void check(const Plan& plan) const override;
  NamedLoss update(const UpdateContext& context) override;
  NumericMode numeric_mode() const override;

 private:
  JointEmbedding look_at(const UpdateContext& context);
  torch::Tensor embed(const torch::Tensor& captions, const UpdatePlace& place);

  TextEncoderOptions options_;
  torch::Device device_;
  Precision precision_;
  std::shared_ptr<text::TextNetwork> network_;
  std::unique_ptr<Optimizer> optimizer_;
  EncoderSource source_;
  MetricSums metrics_;
};

}  // namespace florigen
