#include "networks/reed2016/residual_block.h"

namespace florigen::reed2016 {

ResidualBlockImpl::ResidualBlockImpl(const Shape& shape, Activation activation)
    : activation_(activation),
      reduce_(register_module(
          "reduce", Convolution(ConvolutionImpl::Shape{shape.channels, shape.bottleneck, 1, 1, 0}))),
      reduce_norm_(register_module("reduce_norm", BatchNorm(shape.bottleneck))),
      middle_(register_module(
          "middle", Convolution(ConvolutionImpl::Shape{shape.bottleneck, shape.bottleneck, 3, 1, 1}))),
      middle_norm_(register_module("middle_norm", BatchNorm(shape.bottleneck))),
      expand_(register_module(
          "expand", Convolution(ConvolutionImpl::Shape{shape.bottleneck, shape.channels, 3, 1, 1}))),
      expand_norm_(register_module("expand_norm", BatchNorm(shape.channels))) {}

torch::Tensor ResidualBlockImpl::forward(const torch::Tensor& images) {
  torch::Tensor x = activation_(reduce_norm_(reduce_(images)));
  x = activation_(middle_norm_(middle_(x)));
  return images + expand_norm_(expand_(x));
}

}  // namespace florigen::reed2016
