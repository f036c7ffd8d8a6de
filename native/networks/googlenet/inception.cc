#include "networks/googlenet/inception.h"

namespace florigen::googlenet {
namespace {

constexpr double kBatchNormEpsilon = 1e-3;

ConvBlock pointwise(int64_t in, int64_t out) { return ConvBlock(ConvolutionImpl::Shape{in, out, 1, 1, 0}); }
ConvBlock square(int64_t in, int64_t out) { return ConvBlock(ConvolutionImpl::Shape{in, out, 3, 1, 1}); }

}  // namespace

ConvBlockImpl::ConvBlockImpl(const ConvolutionImpl::Shape& shape)
    : conv_(register_module("conv", Convolution(shape))),
      bn_(register_module("bn", BatchNorm(shape.out, kBatchNormEpsilon))) {}

torch::Tensor ConvBlockImpl::forward(const torch::Tensor& images) {
  torch::Tensor normed = bn_(conv_(images));
  return at::relu_(normed);  // in place: the backward pass of batch norm needs its input alone
}

ReducedBranchImpl::ReducedBranchImpl(const Shape& shape)
    : reduce_(register_module("0", pointwise(shape.in, shape.reduced))),
      expand_(register_module("1", square(shape.reduced, shape.out))) {}

torch::Tensor ReducedBranchImpl::forward(const torch::Tensor& images) { return expand_(reduce_(images)); }

PoolBranchImpl::PoolBranchImpl(int64_t in, int64_t out)
    : project_(register_module("1", pointwise(in, out))) {}

torch::Tensor PoolBranchImpl::forward(const torch::Tensor& images) {
  return project_(max_pool(images, 3, 1, 1));
}

InceptionImpl::InceptionImpl(int64_t in, const InceptionShape& s)
    : branch1_(register_module("branch1", pointwise(in, s.one))),
      branch2_(register_module("branch2", ReducedBranch(ReducedBranchImpl::Shape{in, s.reduce3, s.three}))),
      branch3_(register_module("branch3", ReducedBranch(ReducedBranchImpl::Shape{in, s.reduce5, s.five}))),
      branch4_(register_module("branch4", PoolBranch(in, s.pool))) {}

torch::Tensor InceptionImpl::forward(const torch::Tensor& images) {
  return at::cat({branch1_(images), branch2_(images), branch3_(images), branch4_(images)}, 1);
}

torch::Tensor max_pool(const torch::Tensor& images, int64_t kernel, int64_t stride, int64_t padding) {
  return at::max_pool2d(images, kernel, stride, padding, /*dilation=*/1, /*ceil_mode=*/true);
}

}  // namespace florigen::googlenet
