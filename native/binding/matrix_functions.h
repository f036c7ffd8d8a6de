#pragma once

#include "binding/napi_setup.h"

namespace florigen::binding {

// Its TypeScript signature stands at the definition.
Napi::Value covariance_root_of(const Napi::CallbackInfo& info);

}  // namespace florigen::binding
