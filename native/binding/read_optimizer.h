#pragma once

#include "binding/option_reader.h"
#include "training/optimizer.h"

namespace florigen::binding {

/// Reads a NativeOptimizerOptions (ts/native/addon.ts). Which kinds exist is the trainers' own knowledge.
OptimizerOptions read_optimizer(OptionReader reader);

}  // namespace florigen::binding
