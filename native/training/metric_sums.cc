#include "training/metric_sums.h"

namespace florigen {

MetricSums::MetricSums(torch::Device device, int64_t count)
    : sums_(torch::zeros({count}, torch::TensorOptions(torch::kFloat64).device(device))),
      counts_(torch::zeros_like(sums_, torch::kInt64)) {}

void MetricSums::add_at(int64_t metric, const torch::Tensor& value) {
  if (!value.defined()) return;
  const torch::NoGradGuard no_grad;
  sums_.select(0, metric).add_(value);
  counts_.select(0, metric).add_(1);
}

std::vector<NamedTensor> MetricSums::state() const {
  return {{"progress.metric_sums", sums_}, {"progress.metric_counts", counts_}};
}

}  // namespace florigen
