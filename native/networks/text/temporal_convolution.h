#pragma once

#include <torch/nn/module.h>
#include <torch/nn/pimpl.h>
#include <torch/types.h>

#include "networks/text/architectures.h"

namespace florigen::text {

/// Convolution over time with bias, weight [out, in, kernel]; then everything up to 1e-6 becomes 0, and the
/// maxima of the windows are taken (docs/encoder-step.md, section 2).
class TemporalConvolutionImpl : public torch::nn::Module {
 public:
  TemporalConvolutionImpl(int64_t in, int64_t out, const Stage& stage);
  /// [n, in, 1, length] to [n, out, 1, length that is left], channels last.
  torch::Tensor forward(const torch::Tensor& columns) const;

 private:
  Stage stage_;
  torch::Tensor weight_, bias_;
};
TORCH_MODULE(TemporalConvolution);

}  // namespace florigen::text
