#include "data/resident_source.h"

#include <string>

#include "core/error.h"
#include "core/mapped_file.h"

namespace florigen {
namespace {

/// The values of a column for a range of rows, int64 on `device`: [rows] or [rows, values_per_row].
torch::Tensor column_rows(const Plan& plan, const std::string& name, const RowRange& rows,
                          torch::Device device) {
  const std::vector<int32_t>& column = plan.columns.at(name);
  const int64_t values = static_cast<int64_t>(column.size()) / plan.row_count;
  torch::Tensor slice = torch::empty({rows.count, values}, torch::kInt64);
  std::copy_n(column.begin() + rows.first * values, rows.count * values, slice.data_ptr<int64_t>());
  return slice.to(device);
}

void check_images(const torch::Tensor& images, int64_t crop_size) {
  const bool square = images.dim() == 4 && images.size(1) == images.size(2) && images.size(3) == 3;
  if (!square || images.scalar_type() != torch::kUInt8 || images.size(1) < crop_size || images.size(0) < 1) {
    throw_must_be(ErrorCode::kUsage, "images", "U8 [n, side, side, 3] with a side of at least 64",
                  c10::str(images.scalar_type(), " ", images.sizes()));
  }
}

}  // namespace

ResidentSource::ResidentSource(const ResidentSourceOptions& options)
    : crop_size_(options.crop_size),
      dtype_(options.dtype),
      device_(options.device),
      images_(map_tensor(options.images)),
      embeddings_(map_tensor(options.sentence_embeddings)) {
  check_images(images_, crop_size_);
  if (embeddings_.dim() != 2 || embeddings_.scalar_type() != torch::kFloat32) {
    throw_must_be(ErrorCode::kUsage, "sentenceEmbeddings", "F32 [captions, d]",
                  c10::str(embeddings_.scalar_type(), " ", embeddings_.sizes()));
  }
  images_ = images_.to(device_);
  embeddings_ = embeddings_.to(device_);
}

torch::Tensor ResidentSource::images(const Plan& plan, const RowRange& rows, Role role) const {
  const bool matching = role == Role::kMatching;
  const torch::Tensor index = column_rows(plan, matching ? "image" : "mismatchedImage", rows, device_);
  const torch::Tensor left = column_rows(plan, matching ? "cropX" : "mismatchedCropX", rows, device_);
  const torch::Tensor top = column_rows(plan, matching ? "cropY" : "mismatchedCropY", rows, device_);
  const torch::Tensor flip = column_rows(plan, matching ? "flip" : "mismatchedFlip", rows, device_);

  const torch::Tensor offsets = torch::arange(crop_size_, index.options()).unsqueeze(0);
  const torch::Tensor y = top + offsets;                                                       // [rows, 64]
  const torch::Tensor x = left + torch::where(flip.eq(1), crop_size_ - 1 - offsets, offsets);  // [rows, 64]
  const torch::Tensor pixels = images_.index({index.unsqueeze(2), y.unsqueeze(2), x.unsqueeze(1)});
  return pixels.to(dtype_).mul_(2.0 / 255.0).sub_(1.0).permute({0, 3, 1, 2});  // channels last, as stored
}

torch::Tensor ResidentSource::sentences(const Plan& plan, const RowRange& rows, Role role) const {
  const char* name = role == Role::kMatching ? "captions" : "mismatchedCaptions";
  const torch::Tensor captions = column_rows(plan, name, rows, device_).view({-1, plan.captions_per_image});
  const torch::Tensor present = captions.ge(0).to(dtype_);
  torch::Tensor sum = torch::zeros({captions.size(0), sentence_size()}, embeddings_.options().dtype(dtype_));
  for (int64_t k = 0; k < captions.size(1); ++k) {
    const torch::Tensor embedding =
        embeddings_.index_select(0, captions.select(1, k).clamp_min(0)).to(dtype_);
    sum.add_(embedding.mul_(present.select(1, k).unsqueeze(1)));
  }
  return sum.div_(present.sum(1, /*keepdim=*/true));
}

}  // namespace florigen
