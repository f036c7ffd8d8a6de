#include "data/caption_means.h"

namespace florigen {

torch::Tensor caption_means(const torch::Tensor& table, const torch::Tensor& captions, torch::Dtype dtype) {
  const torch::Tensor present = captions.ge(0).to(dtype);
  torch::Tensor sum = torch::zeros({captions.size(0), table.size(1)}, table.options().dtype(dtype));
  for (int64_t k = 0; k < captions.size(1); ++k) {
    const torch::Tensor embedding = table.index_select(0, captions.select(1, k).clamp_min(0)).to(dtype);
    sum.add_(embedding.mul_(present.select(1, k).unsqueeze(1)));
  }
  return sum.div_(present.sum(1, /*keepdim=*/true));
}

}  // namespace florigen
