#pragma once

#include <torch/types.h>

#include "core/philox.h"

namespace florigen {

/// Fractions of the side of an image; 0 switches a policy off.
struct AugmentationOptions {
  double translation;  ///< largest shift
  double cutout;       ///< side of the square that is blanked
};

/// Differentiable augmentation (Zhao et al. 2020), translation and then cutout, no color policy: captions
/// speak of color. Row r of `images` [n, c, s, s] takes its four numbers from the stream `id` with row r
/// (docs/step.md, section 6).
torch::Tensor augment(const torch::Tensor& images, const AugmentationOptions& options, const StreamId& id);

/// `out[r, :, y, x] = images[r, :, y + shifts[r, 0], x + shifts[r, 1]]`, 0 outside. Its gradient is the
/// opposite shift, without atomic additions. `shifts` is int64 [n, 2].
torch::Tensor translate(const torch::Tensor& images, const torch::Tensor& shifts);

}  // namespace florigen
