#pragma once

#include <torch/types.h>

namespace florigen {

/// Are these U8 [n, side, side, 3], one image at least?
bool are_stored_images(const torch::Tensor& images);

/// Which square of which image each row is, int64 [rows, 1] each, on the device of the images.
struct ViewColumns {
  torch::Tensor image;
  torch::Tensor left;
  torch::Tensor top;
  torch::Tensor flip;  ///< 1 for a mirrored row
};

/// The squares of `crop_size` pixels, U8 [rows, crop, crop, 3], out of `images` U8 [n, side, side, 3].
torch::Tensor crop_views(const torch::Tensor& images, const ViewColumns& views, int64_t crop_size);

/// Bytes U8 [rows, side, side, 3] as [rows, 3, side, side] in [-1, 1], channels last.
torch::Tensor scale_bytes(const torch::Tensor& bytes, torch::Dtype dtype);

/// Bilinear, without aligned corners, antialiased when it shrinks (docs/features-step.md, section 1). Images
/// of the side `size` are returned as they are.
torch::Tensor resize_images(const torch::Tensor& images, int64_t size);

/// The same where a gradient has to come back through it: as two products with one matrix, for what PyTorch
/// has finds no deterministic gradient on CUDA.
torch::Tensor resize_drawn_images(const torch::Tensor& images, int64_t size);

}  // namespace florigen
