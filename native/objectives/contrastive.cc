#include "objectives/contrastive.h"

#include <limits>

namespace florigen {

torch::Tensor contrastive_loss(const torch::Tensor& cosines, const torch::Tensor& classes,
                               double temperature) {
  const torch::Tensor rows = torch::arange(classes.size(0), classes.options());
  const torch::Tensor of_one_class = classes.unsqueeze(0).eq(classes.unsqueeze(1));
  const torch::Tensor other_rows = rows.unsqueeze(0).ne(rows.unsqueeze(1));
  const torch::Tensor logits =
      (cosines / temperature)
          .masked_fill(of_one_class.logical_and(other_rows), -std::numeric_limits<double>::infinity());
  return (logits.logsumexp(1) - logits.diagonal()).mean();
}

}  // namespace florigen
