#pragma once

#include "networks/layers.h"

namespace florigen::modulated {

/// Batch norm whose scale and shift depend on the text (conditional batch normalization, de Vries et al.
/// 2017): `norm(x) * (1 + g) + b`, where one Linear makes `g` and `b`, a number for each channel, from the
/// text.
class ModulatedNormImpl : public torch::nn::Module {
 public:
  ModulatedNormImpl(int64_t channels, int64_t text);
  /// `images` [n, channels, h, w], `text` [n, text].
  torch::Tensor forward(const torch::Tensor& images, const torch::Tensor& text);

 private:
  BatchNorm norm_;
  Linear modulation_;
};
TORCH_MODULE(ModulatedNorm);

}  // namespace florigen::modulated
