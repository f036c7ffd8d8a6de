#include "training/metric_sums.h"

namespace florigen {

MetricSums::MetricSums(torch::Device device)
    : sums_(torch::zeros({static_cast<int64_t>(Metric::kCount)},
                         torch::TensorOptions(torch::kFloat64).device(device))),
      counts_(torch::zeros_like(sums_, torch::kInt64)) {}

void MetricSums::add(Metric metric, const torch::Tensor& value) {
  if (!value.defined()) return;
  const torch::NoGradGuard no_grad;
  sums_.select(0, static_cast<int64_t>(metric)).add_(value);
  counts_.select(0, static_cast<int64_t>(metric)).add_(1);
}

std::vector<NamedTensor> MetricSums::state() const {
  return {{"progress.metric_sums", sums_}, {"progress.metric_counts", counts_}};
}

}  // namespace florigen
