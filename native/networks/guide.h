#pragma once

#include <torch/nn/module.h>
#include <torch/types.h>

#include <memory>
#include <vector>

#include "core/named_tensor.h"
#include "networks/googlenet/feature_network_options.h"
#include "networks/googlenet/googlenet.h"
#include "networks/layers.h"
#include "networks/network_options.h"

namespace florigen {

/// Puts features of pictures and sentences into one space (docs/step.md, section 15):
///
///     features 1024 ─ batch norm ─ Linear ─ nt      text d ─ Linear ─ nt
class GuideHead : public torch::nn::Module {
 public:
  explicit GuideHead(const NetworkOptions& options);
  /// Cosines between `features` [n, 1024] and `text` [m, d]: [n, m], outside autocast.
  torch::Tensor cosines(const torch::Tensor& features, const torch::Tensor& text);

 private:
  BatchNorm norm_;
  Linear image_, text_;
};

/// What the guiding term looks through: a feature network that was trained before and never moves, and a head
/// that learns from real pairs which sentence belongs to what it sees.
class Guide {
 public:
  /// Throws kUsage where the feature network computes elsewhere or in another dtype than the GAN.
  Guide(const FeatureNetworkOptions& eyes, const NetworkOptions& gan, uint32_t seed);

  /// Cosines of real pictures and texts: the gradient is the head's, whose batch norm sees this batch.
  torch::Tensor lesson(const torch::Tensor& images, const torch::Tensor& text);
  /// Cosines of drawn pictures and texts, by running statistics: the gradient goes through the eyes into the
  /// pictures.
  torch::Tensor judgement(const torch::Tensor& images, const torch::Tensor& text);

  GuideHead& head() { return *head_; }
  /// `guide.eyes.NAME`, without its heads, then `guide.head.NAME`.
  std::vector<NamedTensor> state() const;

 private:
  torch::Tensor seen_in(const torch::Tensor& images);

  int64_t input_size_;
  std::shared_ptr<googlenet::GoogLeNet> eyes_;
  std::shared_ptr<GuideHead> head_;
};

/// The first part of the names of the head's tensors.
inline constexpr const char* kGuideHead = "guide.head";

}  // namespace florigen
