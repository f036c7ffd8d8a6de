#include "binding/read_optimizer.h"

namespace florigen::binding {

OptimizerOptions read_optimizer(OptionReader reader) {
  OptimizerOptions options;
  options.kind = reader.text("kind");
  options.beta1 = reader.number("beta1");
  options.beta2 = reader.number("beta2");
  options.epsilon = reader.number("epsilon");
  reader.refuse_unknown_keys();
  return options;
}

}  // namespace florigen::binding
