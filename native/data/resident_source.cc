#include "data/resident_source.h"

#include <string>

#include "core/error.h"
#include "core/mapped_file.h"
#include "data/caption_means.h"
#include "data/column_rows.h"
#include "data/views.h"

namespace florigen {
namespace {

void check_images(const torch::Tensor& images, int64_t crop_size) {
  if (are_stored_images(images) && images.size(1) >= crop_size) return;
  throw_must_be(ErrorCode::kUsage, "images", "U8 [n, side, side, 3] with a side of at least 64",
                c10::str(images.scalar_type(), " ", images.sizes()));
}

}  // namespace

ResidentSource::ResidentSource(const ResidentSourceOptions& options)
    : crop_size_(options.crop_size),
      dtype_(options.dtype),
      device_(options.device),
      images_(map_tensor(options.images)) {
  check_images(images_, crop_size_);
  images_ = images_.to(device_);
  if (!options.sentence_embeddings) return;
  embeddings_ = map_tensor(*options.sentence_embeddings);
  if (embeddings_.dim() != 2 || embeddings_.scalar_type() != torch::kFloat32) {
    throw_must_be(ErrorCode::kUsage, "sentenceEmbeddings", "F32 [captions, d]",
                  c10::str(embeddings_.scalar_type(), " ", embeddings_.sizes()));
  }
  embeddings_ = embeddings_.to(device_);
}

torch::Tensor ResidentSource::images(const Plan& plan, const RowRange& rows, Role role) const {
  const bool matching = role == Role::kMatching;
  const auto column = [&](const char* own, const char* other) {
    return column_rows(plan, matching ? own : other, rows, device_);
  };
  const ViewColumns views{column("image", "mismatchedImage"), column("cropX", "mismatchedCropX"),
                          column("cropY", "mismatchedCropY"), column("flip", "mismatchedFlip")};
  return scale_bytes(crop_views(images_, views, crop_size_), dtype_);
}

torch::Tensor ResidentSource::sentences(const Plan& plan, const RowRange& rows, Role role) const {
  const char* name = role == Role::kMatching ? "captions" : "mismatchedCaptions";
  const torch::Tensor captions = column_rows(plan, name, rows, device_).view({-1, plan.captions_per_image});
  return caption_means(embeddings_, captions, dtype_);
}

}  // namespace florigen
