#include "networks/text/temporal_convolution.h"

#include <algorithm>

namespace florigen::text {
namespace {

// As the authors' nn.Threshold(1e-6, 0).
constexpr double kThreshold = 1e-6;

int64_t count_of(const torch::Tensor& columns) { return columns.size(3); }

/// `count` columns, of which those that are not there repeat the last one.
torch::Tensor take(const torch::Tensor& columns, int64_t count) {
  const int64_t there = count_of(columns);
  if (count <= there) return columns.narrow(3, 0, count);
  const torch::Tensor last = columns.narrow(3, there - 1, 1).expand({-1, -1, -1, count - there});
  return at::cat({columns, last}, 3).contiguous(torch::MemoryFormat::ChannelsLast);
}

}  // namespace

TemporalConvolutionImpl::TemporalConvolutionImpl(int64_t in, int64_t out, const Stage& stage)
    : stage_(stage),
      weight_(register_parameter("weight", torch::empty({out, in, stage.kernel}))),
      bias_(register_parameter("bias", torch::empty({out}))) {}

Columns TemporalConvolutionImpl::forward(const Columns& before) const {
  const int64_t there = count_of(before.first);
  // Windows that see a column of their own, and one that sees repeated columns alone.
  const int64_t told = there < before.length ? there - 1 : there;
  const int64_t length = stage_.steps_of(before.length);
  const int64_t windows = std::min(length, (told + stage_.stride() - 1) / stage_.stride() + 1);
  const torch::Tensor seen = take(before.first, (windows - 1) * stage_.stride() + stage_.window());
  const torch::Tensor found = at::threshold(at::conv2d(seen, weight_.unsqueeze(2), bias_), kThreshold, 0);
  if (stage_.pool == 0) return {found, length};
  return {at::max_pool2d(found, {1, stage_.pool}, {1, stage_.pool_stride}), length};
}

torch::Tensor whole(const Columns& columns) { return take(columns.first, columns.length); }

}  // namespace florigen::text
