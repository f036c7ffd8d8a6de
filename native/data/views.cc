#include "data/views.h"

#include <c10/core/impl/LocalDispatchKeySet.h>

namespace florigen {

bool are_stored_images(const torch::Tensor& images) {
  const bool square = images.dim() == 4 && images.size(1) == images.size(2) && images.size(3) == 3;
  return square && images.scalar_type() == torch::kUInt8 && images.size(0) > 0;
}

torch::Tensor crop_views(const torch::Tensor& images, const ViewColumns& views, int64_t crop_size) {
  const torch::Tensor offsets = torch::arange(crop_size, views.left.options()).unsqueeze(0);
  const torch::Tensor mirrored = torch::where(views.flip.eq(1), crop_size - 1 - offsets, offsets);
  const torch::Tensor y = views.top + offsets;    // [rows, crop]
  const torch::Tensor x = views.left + mirrored;  // [rows, crop]
  return images.index({views.image.unsqueeze(2), y.unsqueeze(2), x.unsqueeze(1)});
}

torch::Tensor scale_bytes(const torch::Tensor& bytes, torch::Dtype dtype) {
  return bytes.to(dtype).mul_(2.0 / 255.0).sub_(1.0).permute({0, 3, 1, 2});  // channels last, as stored
}

torch::Tensor resize_images(const torch::Tensor& images, int64_t size) {
  if (images.size(2) == size && images.size(3) == size) return images;
  return at::_upsample_bilinear2d_aa(images, {size, size}, /*align_corners=*/false);
}

torch::Tensor resize_drawn_images(const torch::Tensor& images, int64_t size) {
  const int64_t side = images.size(2);
  if (side == size) return images;
  const c10::impl::ExcludeDispatchKeyGuard no_autocast(c10::autocast_dispatch_keyset);
  const torch::Tensor unit = torch::eye(side, images.options().requires_grad(false)).view({1, 1, side, side});
  // Resized, the columns of the unit matrix say what each pixel gives to each.
  const torch::Tensor columns =
      at::_upsample_bilinear2d_aa(unit, {size, side}, /*align_corners=*/false).view({size, side});
  return columns.matmul(images).matmul(columns.t());
}

}  // namespace florigen
