#include "objectives/classification.h"

namespace florigen {
namespace {

constexpr int64_t kNoLabel = -1;

torch::Tensor head_loss(const torch::Tensor& logits, const torch::Tensor& labels, int64_t labelled) {
  // A mean over nothing would be NaN; the product keeps the gradient defined, and zero.
  if (labelled == 0) return logits.sum().mul(0);
  return at::cross_entropy_loss(logits, labels, /*weight=*/{}, at::Reduction::Mean, kNoLabel);
}

torch::Tensor head_accuracy(const torch::Tensor& logits, const torch::Tensor& labels, int64_t labelled) {
  if (labelled == 0) return {};
  // An answer is never -1, so that a row without a label never counts.
  return logits.argmax(1).eq(labels).sum().to(torch::kFloat64).div(labelled);
}

}  // namespace

Classification classify(const std::vector<torch::Tensor>& logits, const torch::Tensor& labels,
                        const std::vector<double>& weights) {
  Classification result;
  for (size_t head = 0; head < logits.size(); ++head) {
    const torch::Tensor column = labels.select(1, static_cast<int64_t>(head));
    const auto labelled = column.ne(kNoLabel).sum().item<int64_t>();
    const torch::Tensor expected = column.to(logits[head].device());
    result.head_losses.push_back(head_loss(logits[head], expected, labelled));
    result.accuracies.push_back(head_accuracy(logits[head].detach(), expected, labelled));
    const torch::Tensor weighted = result.head_losses.back() * weights[head];
    result.loss = result.loss.defined() ? result.loss + weighted : weighted;
  }
  return result;
}

}  // namespace florigen
