#include "training/optimizer.h"

#include "core/error.h"
#include "training/adam.h"
#include "training/rms_prop.h"

namespace florigen {

std::unique_ptr<Optimizer> make_optimizer(const torch::nn::Module& network, const OptimizerOptions& options) {
  if (options.kind == "adam") {
    return std::make_unique<Adam>(network, AdamOptions{options.beta1, options.beta2, options.epsilon});
  }
  if (options.kind == "rmsprop") {
    return std::make_unique<RmsProp>(network, RmsPropOptions{options.beta2, options.epsilon});
  }
  throw_must_be(ErrorCode::kUsage, "optimizer.kind", "'rmsprop' or 'adam'", "'" + options.kind + "'");
}

}  // namespace florigen
