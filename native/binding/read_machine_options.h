#pragma once

#include "binding/option_reader.h"
#include "core/machine_options.h"

namespace florigen::binding {

/// Reads the NativeMachine (ts/native/addon.ts) that the options of every network hold among their sizes.
MachineOptions read_machine_options(OptionReader& reader);

}  // namespace florigen::binding
