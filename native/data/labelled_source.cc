#include "data/labelled_source.h"

#include <string>

#include "core/error.h"
#include "core/mapped_file.h"
#include "data/column_rows.h"
#include "data/views.h"

namespace florigen {
namespace {

void check_labelled_images(const torch::Tensor& images, int64_t crop_size) {
  if (!are_stored_images(images)) {
    throw_must_be(ErrorCode::kUsage, "images", "U8 [n, side, side, 3]",
                  c10::str(images.scalar_type(), " ", images.sizes()));
  }
  if (crop_size < 1 || crop_size > images.size(1)) {
    throw_must_be(ErrorCode::kUsage, "cropSide", "from 1 to " + std::to_string(images.size(1)),
                  std::to_string(crop_size));
  }
}

void check_labels(const torch::Tensor& labels, int64_t images) {
  if (labels.dim() == 2 && labels.scalar_type() == torch::kInt32 && labels.size(0) == images) return;
  throw_must_be(ErrorCode::kUsage, "labels", "I32 [" + std::to_string(images) + ", heads]",
                c10::str(labels.scalar_type(), " ", labels.sizes()));
}

}  // namespace

LabelledSource::LabelledSource(const LabelledSourceOptions& options)
    : crop_size_(options.crop_size),
      dtype_(options.dtype),
      device_(options.device),
      images_(map_tensor(options.images)),
      labels_(map_tensor(options.labels)) {
  check_labelled_images(images_, crop_size_);
  check_labels(labels_, images_.size(0));
  images_ = images_.to(device_);
}

void LabelledSource::check(const Plan& plan) const {
  const int64_t places = images_.size(1) - crop_size_ + 1;
  check_column(plan, "image", {0, images_.size(0)});
  check_column(plan, "cropX", {0, places});
  check_column(plan, "cropY", {0, places});
  check_column(plan, "flip", {0, 2});
}

torch::Tensor LabelledSource::images(const Plan& plan, const RowRange& rows) const {
  const auto column = [&](const char* name) { return column_rows(plan, name, rows, device_); };
  const ViewColumns views{column("image"), column("cropX"), column("cropY"), column("flip")};
  return scale_bytes(crop_views(images_, views, crop_size_), dtype_);
}

torch::Tensor LabelledSource::labels(const Plan& plan, const RowRange& rows) const {
  const torch::Tensor images = column_rows(plan, "image", rows, torch::kCPU).squeeze(1);
  return labels_.index_select(0, images).to(torch::kInt64);
}

}  // namespace florigen
