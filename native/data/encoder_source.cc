#include "data/encoder_source.h"

#include "core/error.h"
#include "core/mapped_file.h"
#include "data/column_rows.h"

namespace florigen {
namespace {

void check_shape(const char* name, const torch::Tensor& tensor, torch::Dtype dtype, int64_t axes,
                 const char* expectation) {
  if (tensor.dim() == axes && tensor.scalar_type() == dtype && tensor.numel() > 0) return;
  throw_must_be(ErrorCode::kUsage, name, expectation, c10::str(tensor.scalar_type(), " ", tensor.sizes()));
}

/// The values of a column as one row of indices on the CPU, where the data lies.
torch::Tensor indices(const Plan& plan, const char* column, const RowRange& rows) {
  return column_rows(plan, column, rows, torch::kCPU).squeeze(1);
}

}  // namespace

EncoderSource::EncoderSource(const EncoderSourceOptions& options)
    : dtype_(options.dtype), device_(options.device), tokens_(map_tensor(options.tokens)) {
  check_shape("tokens", tokens_, torch::kInt32, 2, "I32 [captions, length]");
  if (!options.features) return;
  features_ = map_tensor(*options.features);
  check_shape("features", features_, torch::kFloat32, 3, "F32 [images, views, d]");
}

void EncoderSource::check(const Plan& plan) const {
  check_column(plan, "caption", {0, tokens_.size(0)});
  if (!has_features()) return check_column(plan, "otherCaption", {0, tokens_.size(0)});
  check_column(plan, "image", {0, features_.size(0)});
  check_column(plan, "view", {0, features_.size(1)});
}

torch::Tensor EncoderSource::tokens(const Plan& plan, const RowRange& rows, const char* column) const {
  return tokens_of(indices(plan, column, rows));
}

torch::Tensor EncoderSource::tokens_of(const torch::Tensor& captions) const {
  return tokens_.index_select(0, captions).to(device_, torch::kInt64);
}

torch::Tensor EncoderSource::features(const Plan& plan, const RowRange& rows) const {
  const torch::Tensor chosen = features_.index({indices(plan, "image", rows), indices(plan, "view", rows)});
  return chosen.to(device_, dtype_);
}

}  // namespace florigen
