#include "objectives/joint_embedding.h"

#include <c10/core/impl/LocalDispatchKeySet.h>

namespace florigen {

JointEmbedding joint_embedding(const torch::Tensor& images, const torch::Tensor& texts,
                               const JointEmbeddingOptions& options) {
  // A dot product over a thousand features wants more digits than autocast would leave it.
  const c10::impl::ExcludeDispatchKeyGuard no_autocast(c10::autocast_dispatch_keyset);
  const torch::Tensor scores = at::mm(images, texts.t());  // [images, texts]
  const torch::Tensor own = scores.diagonal();
  const torch::Tensor rows = torch::arange(images.size(0), scores.options().dtype(torch::kInt64));
  const torch::Tensor same = rows.unsqueeze(0).eq(rows.unsqueeze(1));
  const auto violations = [&](const torch::Tensor& own_of_pair) {
    return at::relu(scores - own_of_pair + options.margin).masked_fill(same, 0).sum();
  };
  torch::Tensor sum = violations(own.unsqueeze(1));
  if (options.symmetric) sum = sum + violations(own.unsqueeze(0));
  return {sum / static_cast<double>(scores.numel()),
          scores.detach().argmax(1).eq(rows).to(torch::kFloat64).mean()};
}

}  // namespace florigen
