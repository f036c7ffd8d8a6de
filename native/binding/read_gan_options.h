#pragma once

#include "binding/napi_setup.h"
#include "training/gan_options.h"

namespace florigen::binding {

/// Reads a NativeGanOptions (ts/native/addon.ts); throws kUsage for a field that is missing, of another kind,
/// or unknown.
GanOptions read_gan_options(Napi::Value value);

}  // namespace florigen::binding
