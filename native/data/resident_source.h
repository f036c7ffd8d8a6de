#pragma once

#include <optional>

#include "core/tensor_ref.h"
#include "data/batch_source.h"

namespace florigen {

struct ResidentSourceOptions {
  TensorRef images;                              ///< U8 [n, side, side, 3], side at least the crop
  std::optional<TensorRef> sentence_embeddings;  ///< F32 [captions, d]; none where a network makes them
  int64_t crop_size;                             ///< pixels
  torch::Dtype dtype;
  torch::Device device;
};

/// The whole data set, mapped from its file on the CPU and copied once to the memory of a GPU; crop, flip and
/// scale run on the device.
class ResidentSource : public BatchSource {
 public:
  explicit ResidentSource(const ResidentSourceOptions& options);

  torch::Tensor images(const Plan& plan, const RowRange& rows, Role role) const override;
  torch::Tensor sentences(const Plan& plan, const RowRange& rows, Role role) const override;
  int64_t image_count() const override { return images_.size(0); }
  int64_t caption_count() const override { return embeddings_.defined() ? embeddings_.size(0) : 0; }
  int64_t largest_crop() const override { return images_.size(1) - crop_size_; }
  /// d; 0 without embeddings.
  int64_t sentence_size() const { return embeddings_.defined() ? embeddings_.size(1) : 0; }

 private:
  int64_t crop_size_;
  torch::Dtype dtype_;
  torch::Device device_;
  torch::Tensor images_;      ///< U8 [n, side, side, 3]
  torch::Tensor embeddings_;  ///< F32 [captions, d]; may be undefined
};

}  // namespace florigen
