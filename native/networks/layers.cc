#include "networks/layers.h"

#include <torch/utils.h>

namespace florigen {
namespace {

constexpr double kBatchNormMomentum = 0.1;
constexpr double kLeakySlope = 0.2;

}  // namespace

ConvolutionImpl::ConvolutionImpl(const Shape& shape)
    : weight(register_parameter("weight", torch::empty({shape.out, shape.in, shape.kernel, shape.kernel}))),
      shape_(shape) {}

torch::Tensor ConvolutionImpl::forward(const torch::Tensor& images) const {
  return at::conv2d(images, weight, /*bias=*/{}, shape_.stride, shape_.padding);
}

UpsamplingImpl::UpsamplingImpl(int64_t in, int64_t out)
    : weight(register_parameter("weight", torch::empty({in, out, 4, 4}))) {}

torch::Tensor UpsamplingImpl::forward(const torch::Tensor& images) const {
  return at::conv_transpose2d(images, weight, /*bias=*/{}, /*stride=*/2, /*padding=*/1);
}

SeedImageImpl::SeedImageImpl(int64_t in, int64_t out)
    : weight(register_parameter("weight", torch::empty({in, out, 4, 4}))) {}

torch::Tensor SeedImageImpl::forward(const torch::Tensor& vectors) const {
  // In channels-last memory both the flat weight and the image are views.
  const torch::Tensor flat = weight.permute({0, 2, 3, 1}).reshape({weight.size(0), -1});
  return at::mm(vectors, flat).view({-1, 4, 4, weight.size(1)}).permute({0, 3, 1, 2});
}

BatchNormImpl::BatchNormImpl(int64_t channels, double epsilon)
    : weight(register_parameter("weight", torch::empty({channels}))),
      bias(register_parameter("bias", torch::empty({channels}))),
      running_mean(register_buffer("running_mean", torch::zeros({channels}))),
      running_var(register_buffer("running_var", torch::ones({channels}))),
      num_batches_tracked(register_buffer("num_batches_tracked", torch::zeros({}, torch::kInt64))),
      epsilon_(epsilon) {}

torch::Tensor BatchNormImpl::forward(const torch::Tensor& values) {
  if (is_training()) {
    const torch::NoGradGuard no_grad;
    num_batches_tracked.add_(1);
  }
  return at::batch_norm(values, weight, bias, running_mean, running_var, is_training(), kBatchNormMomentum,
                        epsilon_, /*cudnn_enabled=*/true);
}

LinearImpl::LinearImpl(int64_t in, int64_t out)
    : weight(register_parameter("weight", torch::empty({out, in}))),
      bias(register_parameter("bias", torch::empty({out}))) {}

torch::Tensor LinearImpl::forward(const torch::Tensor& vectors) const {
  return at::linear(vectors, weight, bias);
}

torch::Tensor leaky_rectify(const torch::Tensor& values) { return at::leaky_relu(values, kLeakySlope); }

torch::Tensor join_text(const torch::Tensor& images, const torch::Tensor& text) {
  const torch::Tensor map = text.unsqueeze(2).unsqueeze(3).expand({-1, -1, images.size(2), images.size(3)});
  return at::cat({images, map}, 1);
}

}  // namespace florigen
