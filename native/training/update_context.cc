#include "training/update_context.h"

#include <c10/core/impl/LocalDispatchKeySet.h>
#include <torch/csrc/autograd/autograd.h>

#include <cmath>
#include <limits>
#include <string>

#include "core/error.h"

namespace florigen {
namespace {

bool all_finite(const std::vector<torch::Tensor>& gradients) {
  std::vector<torch::Tensor> largest;
  for (const torch::Tensor& norm : at::_foreach_norm(gradients, std::numeric_limits<double>::infinity())) {
    largest.push_back(norm.reshape({}));
  }
  return torch::stack(largest).isfinite().all().item<bool>();
}

[[noreturn]] void refuse(const UpdateContext& at, const char* what) {
  const RowRange& rows = at.update.rows;
  throw Error(ErrorCode::kNonFinite,
              std::string("the ") + update_name(at.update.kind) + " update of step " +
                  std::to_string(at.place.step) + " (step " + std::to_string(at.plan_step) +
                  " of its epoch, update " + std::to_string(at.place.update) + ", rows " +
                  std::to_string(rows.first) + " to " + std::to_string(rows.first + rows.count - 1) +
                  ") has a " + what + " that is not finite; the update was not applied");
}

}  // namespace

std::vector<torch::Tensor> UpdateContext::gradients(const torch::Tensor& loss,
                                                    const std::vector<torch::Tensor>& parameters) const {
  if (!std::isfinite(loss.item<double>())) refuse(*this, "loss");
  // The forward pass has chosen what is rounded to bfloat16; the backward pass takes what it finds.
  const c10::impl::ExcludeDispatchKeyGuard no_autocast(c10::autocast_dispatch_keyset);
  std::vector<torch::Tensor> result =
      torch::autograd::grad({loss}, parameters, /*grad_outputs=*/{}, /*retain_graph=*/std::nullopt,
                            /*create_graph=*/false, /*allow_unused=*/true);
  // A text of one step leaves the weights from state to state without a part in the loss.
  for (size_t i = 0; i < result.size(); ++i) {
    if (!result[i].defined()) result[i] = torch::zeros_like(parameters[i]);
  }
  if (!all_finite(result)) refuse(*this, "gradient");
  return result;
}

}  // namespace florigen
