#include "networks/text/temporal_convolution.h"

namespace florigen::text {
namespace {

// As the authors' nn.Threshold(1e-6, 0).
constexpr double kThreshold = 1e-6;

}  // namespace

TemporalConvolutionImpl::TemporalConvolutionImpl(int64_t in, int64_t out, const Stage& stage)
    : stage_(stage),
      weight_(register_parameter("weight", torch::empty({out, in, stage.kernel}))),
      bias_(register_parameter("bias", torch::empty({out}))) {}

torch::Tensor TemporalConvolutionImpl::forward(const torch::Tensor& columns) const {
  const torch::Tensor found = at::threshold(at::conv2d(columns, weight_.unsqueeze(2), bias_), kThreshold, 0);
  if (stage_.pool == 0) return found;
  return at::max_pool2d(found, {1, stage_.pool}, {1, stage_.pool_stride});
}

}  // namespace florigen::text
