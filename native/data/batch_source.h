#pragma once

#include <torch/types.h>

#include "data/plan.h"

namespace florigen {

/// Which columns of the plan describe the images of a batch: the matching ones or the mismatching ones.
enum class Role { kMatching, kMismatching };

/// Hands out batches by the rows of a plan; the step loop sees no difference between implementations.
class BatchSource {
 public:
  virtual ~BatchSource() = default;
  /// `[rows, 3, 64, 64]` in [-1, 1], channels last, in the trainer's dtype, cropped and flipped as the plan
  /// says.
  virtual torch::Tensor images(const Plan& plan, const RowRange& rows, Role role) const = 0;
  /// `[rows, d]`: the mean of the embeddings of the captions that are present. Mismatching sentences are as
  /// many for each row as the plan has, one row's after another's: `[rows * mismatches, d]`.
  virtual torch::Tensor sentences(const Plan& plan, const RowRange& rows, Role role) const = 0;

  virtual int64_t image_count() const = 0;
  virtual int64_t caption_count() const = 0;
  /// The side of a stored image minus the side of a crop.
  virtual int64_t largest_crop() const = 0;
};

}  // namespace florigen
