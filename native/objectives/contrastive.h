#pragma once

#include <torch/types.h>

namespace florigen {

/// How hard each image has to find its own text among those of its batch (docs/step.md, section 12): the mean
/// over rows of the cross-entropy of `cosines / temperature` against the row's own column. `cosines` is
/// [n, n]; `classes` int64 [n] on its device: other rows of a row's class are left out, since their texts may
/// fit as well.
torch::Tensor contrastive_loss(const torch::Tensor& cosines, const torch::Tensor& classes,
                               double temperature);

}  // namespace florigen
