#pragma once

#include "networks/googlenet/architectures.h"
#include "networks/layers.h"

namespace florigen::googlenet {

/// Convolution, batch norm with eps 0.001, ReLU; tensors `conv.weight`, `bn.*`.
class ConvBlockImpl : public torch::nn::Module {
 public:
  explicit ConvBlockImpl(const ConvolutionImpl::Shape& shape);
  torch::Tensor forward(const torch::Tensor& images);

 private:
  Convolution conv_;
  BatchNorm bn_;
};
TORCH_MODULE(ConvBlock);

/// 1x1 to `shape.in`.. and 3x3: the second and the third branch; tensors `0.*` and `1.*`.
class ReducedBranchImpl : public torch::nn::Module {
 public:
  struct Shape {
    int64_t in, reduced, out;
  };
  explicit ReducedBranchImpl(const Shape& shape);
  torch::Tensor forward(const torch::Tensor& images);

 private:
  ConvBlock reduce_;
  ConvBlock expand_;
};
TORCH_MODULE(ReducedBranch);

/// Max pool 3x3 of stride 1, and 1x1; tensors `1.*`, because torchvision counts the pool as 0.
class PoolBranchImpl : public torch::nn::Module {
 public:
  PoolBranchImpl(int64_t in, int64_t out);
  torch::Tensor forward(const torch::Tensor& images);

 private:
  ConvBlock project_;
};
TORCH_MODULE(PoolBranch);

/// The inception block of GoogLeNet:
///
///     in ─┬─ 1x1 ───────────────── one ────┐
///         ├─ 1x1 reduce3 ─ 3x3 ─── three ──┤
///         ├─ 1x1 reduce5 ─ 3x3 ─── five ───┼─ join channels
///         └─ max pool 3/1 ─ 1x1 ── pool ───┘
class InceptionImpl : public torch::nn::Module {
 public:
  InceptionImpl(int64_t in, const InceptionShape& shape);
  torch::Tensor forward(const torch::Tensor& images);

 private:
  ConvBlock branch1_;
  ReducedBranch branch2_;
  ReducedBranch branch3_;
  PoolBranch branch4_;
};
TORCH_MODULE(Inception);

/// Max pool whose last window may hang over the edge.
torch::Tensor max_pool(const torch::Tensor& images, int64_t kernel, int64_t stride, int64_t padding);

}  // namespace florigen::googlenet
