#pragma once

#include "binding/option_reader.h"
#include "core/tensor_ref.h"

namespace florigen::binding {

/// Reads a NativeTensorRef (ts/native/addon.ts).
TensorRef read_tensor_ref(OptionReader reader);

}  // namespace florigen::binding
