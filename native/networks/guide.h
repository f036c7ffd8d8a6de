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

/// Tells real pictures from drawn ones by the maps of a feature network (projected GANs: Sauer et al. 2021,
/// arXiv 2111.01007), for each place of each map (docs/step.md, section 15):
///
///     map c x s x s ─ batch norm ─ conv 1x1 ─ 64 x s x s ─ leaky ─ conv 1x1 ─ 1 x s x s
class GuideCritic : public torch::nn::Module {
 public:
  explicit GuideCritic(const std::vector<int64_t>& map_widths);
  /// One [n, places] for each map.
  std::vector<torch::Tensor> logits(const std::vector<torch::Tensor>& maps);

 private:
  struct Level {
    BatchNorm norm;
    Convolution hidden, score;
  };
  std::vector<Level> levels_;
};

/// Puts features of pictures and sentences into one space (docs/step.md, section 15):
///
///     features 1024 ─ batch norm ─ Linear ─ nt      text d ─ Linear ─ nt
///
/// and holds the critic, where there is one.
class GuideHead : public torch::nn::Module {
 public:
  GuideHead(const NetworkOptions& options, std::shared_ptr<GuideCritic> critic);
  /// Cosines between `features` [n, 1024] and `text` [m, d]: [n, m], outside autocast.
  torch::Tensor cosines(const torch::Tensor& features, const torch::Tensor& text);
  /// Null without one.
  GuideCritic* critic() { return critic_.get(); }

 private:
  BatchNorm norm_;
  Linear image_, text_;
  std::shared_ptr<GuideCritic> critic_;  ///< null without one
};

/// What a guide says of pictures.
struct GuideView {
  torch::Tensor cosines;                     ///< [n, n] between pictures and texts
  std::vector<torch::Tensor> critic_logits;  ///< of each map [pictures, places]; empty without a critic
};

/// What the guiding term looks through: a feature network that was trained before and never moves, and a head
/// that learns from real pairs which sentence belongs to what it sees.
class Guide {
 public:
  /// Throws kUsage where the feature network computes elsewhere or in another dtype than the GAN.
  Guide(const FeatureNetworkOptions& eyes, const NetworkOptions& gan, bool with_critic, uint32_t seed);

  /// Cosines of real pictures and texts; logits of the real pictures and, behind them, of the drawn ones. The
  /// gradient is the head's, whose batch norms see these pictures.
  GuideView lesson(const torch::Tensor& real, const torch::Tensor& drawn, const torch::Tensor& text);
  /// Of drawn pictures and texts, by running statistics: the gradient goes through the eyes into the
  /// pictures.
  GuideView judgement(const torch::Tensor& drawn, const torch::Tensor& text);

  GuideHead& head() { return *head_; }
  /// `guide.eyes.NAME`, without its heads, then `guide.head.NAME`.
  std::vector<NamedTensor> state() const;

 private:
  std::vector<torch::Tensor> maps_of(const torch::Tensor& images);

  int64_t input_size_;
  std::shared_ptr<googlenet::GoogLeNet> eyes_;
  std::shared_ptr<GuideHead> head_;
};

/// The first part of the names of the head's tensors.
inline constexpr const char* kGuideHead = "guide.head";

}  // namespace florigen
