#pragma once

#include "networks/layers.h"

namespace florigen::reed2016 {

/// The bottleneck of the authors' networks, without its last activation:
///
///     x ── 1x1 ─ BN ─ act ── 3x3 ─ BN ─ act ── 3x3 ─ BN ──(+)──
///     └────────────────────────────────────────────────────┘
class ResidualBlockImpl : public torch::nn::Module {
 public:
  using Activation = torch::Tensor (*)(const torch::Tensor&);
  struct Shape {
    int64_t channels, bottleneck;
  };
  ResidualBlockImpl(const Shape& shape, Activation activation);
  torch::Tensor forward(const torch::Tensor& images);

 private:
  Activation activation_;
  Convolution reduce_;
  BatchNorm reduce_norm_;
  Convolution middle_;
  BatchNorm middle_norm_;
  Convolution expand_;
  BatchNorm expand_norm_;
};
TORCH_MODULE(ResidualBlock);

}  // namespace florigen::reed2016
