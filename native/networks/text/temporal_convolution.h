#pragma once

#include <torch/nn/module.h>
#include <torch/nn/pimpl.h>
#include <torch/types.h>

#include "networks/text/architectures.h"

namespace florigen::text {

/// Columns over time, [n, width, 1, columns], channels last. Of `length` columns those that are not there are
/// like the last one that is: captions end in empty columns, and what a convolution finds in them is one and
/// the same.
struct Columns {
  torch::Tensor first;
  int64_t length;
};

/// All `length` columns.
torch::Tensor whole(const Columns& columns);

/// Convolution over time with bias, weight [out, in, kernel]; then everything up to 1e-6 becomes 0, and the
/// maxima of the windows are taken (docs/encoder-step.md, section 2).
class TemporalConvolutionImpl : public torch::nn::Module {
 public:
  TemporalConvolutionImpl(int64_t in, int64_t out, const Stage& stage);
  /// Works on the columns that are there, and on one window of those that are not.
  Columns forward(const Columns& before) const;

 private:
  Stage stage_;
  torch::Tensor weight_, bias_;
};
TORCH_MODULE(TemporalConvolution);

}  // namespace florigen::text
