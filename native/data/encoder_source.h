#pragma once

#include <optional>

#include "core/tensor_ref.h"
#include "data/plan.h"

#include <torch/types.h>

namespace florigen {

struct EncoderSourceOptions {
  TensorRef tokens;                   ///< I32 [captions, length]
  std::optional<TensorRef> features;  ///< F32 [images, views, d]; none where captions learn from captions
  torch::Dtype dtype;
  torch::Device device;
};

/// Tokens and image features by the rows of a plan; mapped from their files, rows copied to the device.
class EncoderSource {
 public:
  explicit EncoderSource(const EncoderSourceOptions& options);

  /// Throws kUsage unless every column names what is there. Columns: `caption`, and `image` and `view`, or
  /// without features `otherCaption`.
  void check(const Plan& plan) const;

  /// int64 [rows, length] of a column of captions.
  torch::Tensor tokens(const Plan& plan, const RowRange& rows, const char* column) const;
  /// int64 [captions, length] of captions by number, int64 on the CPU.
  torch::Tensor tokens_of(const torch::Tensor& captions) const;
  /// [rows, d] of the columns `image` and `view`.
  torch::Tensor features(const Plan& plan, const RowRange& rows) const;

  bool has_features() const { return features_.defined(); }
  int64_t caption_count() const { return tokens_.size(0); }
  int64_t length() const { return tokens_.size(1); }
  /// d; 0 without features.
  int64_t feature_size() const { return has_features() ? features_.size(2) : 0; }
  const torch::Tensor& all_tokens() const { return tokens_; }

 private:
  torch::Dtype dtype_;
  torch::Device device_;
  torch::Tensor tokens_;
  torch::Tensor features_;
};

}  // namespace florigen
