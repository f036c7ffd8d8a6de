#pragma once

#include <torch/types.h>

#include "core/tensor_ref.h"
#include "data/plan.h"

namespace florigen {

struct LabelledSourceOptions {
  TensorRef images;   ///< U8 [n, side, side, 3]
  TensorRef labels;   ///< I32 [n, heads], -1 for none
  int64_t crop_size;  ///< pixels
  torch::Dtype dtype;
  torch::Device device;
};

/// Views of images with their labels by the rows of a plan.
class LabelledSource {
 public:
  explicit LabelledSource(const LabelledSourceOptions& options);

  /// Throws kUsage unless the columns `image`, `cropX`, `cropY` and `flip` lie within the images.
  void check(const Plan& plan) const;

  /// [rows, 3, crop, crop] in [-1, 1], channels last.
  torch::Tensor images(const Plan& plan, const RowRange& rows) const;
  /// int64 [rows, heads] on the CPU.
  torch::Tensor labels(const Plan& plan, const RowRange& rows) const;
  const torch::Tensor& all_labels() const { return labels_; }

 private:
  int64_t crop_size_;
  torch::Dtype dtype_;
  torch::Device device_;
  torch::Tensor images_;
  torch::Tensor labels_;
};

}  // namespace florigen
