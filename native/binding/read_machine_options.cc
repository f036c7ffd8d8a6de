#include "binding/read_machine_options.h"

namespace florigen::binding {

MachineOptions read_machine_options(OptionReader& reader) {
  MachineOptions options;
  options.dtype = reader.text("dtype");
  options.device = reader.text("device");
  options.precision = reader.text("precision");
  options.deterministic = reader.boolean("deterministic");
  return options;
}

}  // namespace florigen::binding
