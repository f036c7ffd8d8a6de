#pragma once

#include <memory>
#include <vector>

#include "data/encoder_source.h"
#include "networks/text/text_network.h"
#include "training/adam.h"
#include "training/gan_options.h"

namespace florigen {

/// Sentence embeddings of the rows of an update, as BatchSource::sentences orders them.
struct SentencePair {
  torch::Tensor matching;
  torch::Tensor mismatching;  ///< undefined where they were not asked for
};

/// A text network that makes the embeddings of a GAN's captions, and learns (docs/step.md, section 11).
class FineTunedEncoder {
 public:
  /// Throws kUsage unless the network fits the tokens and lives where the GAN's networks do.
  FineTunedEncoder(const FineTuningOptions& options, const NetworkOptions& gan, const AdamOptions& adam);

  /// Embeddings by the weights as they are, with their graph where gradients are on. Each distinct caption
  /// goes through the network once.
  SentencePair sentences(const Plan& plan, const RowRange& rows, bool with_mismatching);

  /// `gradients` in the order of `parameters()`.
  void step(const std::vector<torch::Tensor>& gradients, double learning_rate);
  const std::vector<torch::Tensor>& parameters() const { return adam_.parameters(); }
  /// `textEncoder.NAME` and what Adam remembers.
  std::vector<NamedTensor> state() const;

  int64_t caption_count() const { return source_.caption_count(); }
  int64_t embedding_size() const { return embedding_size_; }

 private:
  int64_t embedding_size_;
  torch::Device device_;
  torch::Dtype dtype_;
  std::shared_ptr<text::TextNetwork> network_;
  Adam adam_;
  EncoderSource source_;
};

}  // namespace florigen
