#pragma once

#include <torch/nn/module.h>
#include <torch/nn/pimpl.h>
#include <torch/types.h>

// Layers without values of their own choice: torch::nn fills its weights from ATen's global generator, ours
// are filled from Philox by name (networks/initialization.h). Convolutions have no bias, because the authors
// zero every convolution bias before each evaluation (main_cls_int.lua).

namespace florigen {

/// Square convolution, weight [out, in, kernel, kernel].
class ConvolutionImpl : public torch::nn::Module {
 public:
  struct Shape {
    int64_t in, out, kernel, stride, padding;
  };
  explicit ConvolutionImpl(const Shape& shape);
  torch::Tensor forward(const torch::Tensor& images) const;
  torch::Tensor weight;

 private:
  Shape shape_;
};
TORCH_MODULE(Convolution);

/// Transposed convolution 4x4, stride 2, padding 1: doubles the side. Weight [in, out, 4, 4].
class UpsamplingImpl : public torch::nn::Module {
 public:
  UpsamplingImpl(int64_t in, int64_t out);
  torch::Tensor forward(const torch::Tensor& images) const;
  torch::Tensor weight;
};
TORCH_MODULE(Upsampling);

/// Transposed convolution 4x4 of a 1x1 image, [n, in] to [n, out, 4, 4]. It is one matrix product, and as
/// such five times as fast as oneDNN's deconvolution on the CPU. Weight [in, out, 4, 4].
class SeedImageImpl : public torch::nn::Module {
 public:
  SeedImageImpl(int64_t in, int64_t out);
  torch::Tensor forward(const torch::Tensor& vectors) const;
  torch::Tensor weight;
};
TORCH_MODULE(SeedImage);

/// Batch norm over the channels of [n, c] or [n, c, h, w]; momentum 0.1. In training mode each pass moves the
/// running statistics once.
class BatchNormImpl : public torch::nn::Module {
 public:
  explicit BatchNormImpl(int64_t channels, double epsilon = 1e-5);
  torch::Tensor forward(const torch::Tensor& values);
  torch::Tensor weight, bias, running_mean, running_var, num_batches_tracked;

 private:
  double epsilon_;
};
TORCH_MODULE(BatchNorm);

/// Linear with bias, weight [out, in].
class LinearImpl : public torch::nn::Module {
 public:
  LinearImpl(int64_t in, int64_t out);
  torch::Tensor forward(const torch::Tensor& vectors) const;
  torch::Tensor weight, bias;
};
TORCH_MODULE(Linear);

/// max(x, 0.2 x), the slope of every leaky rectifier here.
torch::Tensor leaky_rectify(const torch::Tensor& values);

/// [n, c] replicated over a 4x4 map and joined behind the channels of `images` [n, k, 4, 4].
torch::Tensor join_text(const torch::Tensor& images, const torch::Tensor& text);

}  // namespace florigen
