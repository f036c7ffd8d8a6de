#pragma once

#include <memory>
#include <vector>

#include "networks/googlenet/architectures.h"
#include "networks/googlenet/feature_network_options.h"
#include "networks/googlenet/inception.h"

namespace florigen::googlenet {

/// GoogLeNet with batch norm, as torchvision has it (Szegedy et al. 2015; tensor names are torchvision's),
/// and linear heads on its features. Sizes of `googlenet` at 224x224, and of `googlenet-small` at 64x64:
///
///     images 3 x 224x224                                     images 3 x 64x64
///       ─ conv1 7x7/2 ───────────── 64 x 112x112               ─ conv1 3x3/2 ────────── 32 x 32x32
///       ─ max pool 3/2 ──────────── 64 x 56x56                 ─ max pool 3/2 ───────── 32 x 16x16
///       ─ conv2 1x1 ─ conv3 3x3 ── 192 x 56x56                 ─ conv2 1x1 ─ conv3 3x3 ─ 64 x 16x16
///       ─ max pool 3/2 ─────────── 192 x 28x28                   (no pool)
///       ─ inception 3a, 3b ─────── 480 x 28x28                 ─ inception 3a ──────── 128 x 16x16
///       ─ max pool 3/2 ─────────── 480 x 14x14                 ─ max pool 3/2 ──────── 128 x 8x8
///       ─ inception 4a .. 4e ───── 832 x 14x14                 ─ inception 4a, 4e ──── 416 x 8x8
///       ─ max pool 2/2 ─────────── 832 x 7x7                   ─ max pool 2/2 ──────── 416 x 4x4
///       ─ inception 5a, 5b ────── 1024 x 7x7                   ─ inception 5b ─────── 1024 x 4x4
///       ─ mean over the pixels ── 1024 features                ─ mean ─────────────── 1024 features
///     features ─ heads.0: Linear ─ logits of its classes; heads.1: ...
///
/// 5,599,904 and 1,412,992 parameters without heads.
class GoogLeNet : public torch::nn::Module {
 public:
  GoogLeNet(const Architecture& architecture, const std::vector<int64_t>& heads);

  /// `images` [n, 3, side, side] in [-1, 1]; returns what the three stages of inceptions make of them, from
  /// fine to coarse.
  std::vector<torch::Tensor> maps(const torch::Tensor& images);
  /// Channels of each of `maps`.
  const std::vector<int64_t>& map_widths() const { return map_widths_; }
  /// The means over the pixels of the last of `maps`: [n, 1024] in the dtype of the weights.
  torch::Tensor features_of(const std::vector<torch::Tensor>& maps) const;
  torch::Tensor features(const torch::Tensor& images) { return features_of(maps(images)); }
  /// One [n, classes] for each head, in the dtype of the weights.
  std::vector<torch::Tensor> logits(const torch::Tensor& features);

 private:
  std::vector<Inception> make_stage(const std::vector<InceptionRow>& rows, int64_t& width);

  bool second_pool_;
  std::vector<int64_t> map_widths_;
  ConvBlock conv1_, conv2_, conv3_;
  std::vector<Inception> stage3_, stage4_, stage5_;
  std::vector<Linear> heads_;
};

/// A network of `options.architecture` with initial weights of `seed`, in its dtype, on its device, channels
/// last. Throws kUsage for sizes that are none.
std::shared_ptr<GoogLeNet> make_feature_network(const FeatureNetworkOptions& options, uint32_t seed);

}  // namespace florigen::googlenet
