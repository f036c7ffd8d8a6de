#include "networks/modulated/modulated_norm.h"

namespace florigen::modulated {

ModulatedNormImpl::ModulatedNormImpl(int64_t channels, int64_t text)
    : norm_(register_module("norm", BatchNorm(channels))),
      modulation_(register_module("modulation", Linear(text, 2 * channels))) {}

torch::Tensor ModulatedNormImpl::forward(const torch::Tensor& images, const torch::Tensor& text) {
  const torch::Tensor normed = norm_(images);
  const torch::Tensor maps = modulation_(text).unsqueeze(2).unsqueeze(3);  // [n, 2 channels, 1, 1]
  const int64_t channels = images.size(1);
  return at::addcmul(maps.narrow(1, channels, channels), normed, maps.narrow(1, 0, channels) + 1);
}

}  // namespace florigen::modulated
