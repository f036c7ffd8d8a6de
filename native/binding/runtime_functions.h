#pragma once

#include "binding/napi_setup.h"

namespace florigen::binding {

// Their TypeScript signatures stand at the definitions.
Napi::Value configure_runtime(const Napi::CallbackInfo& info);
Napi::Value cancel_job(const Napi::CallbackInfo& info);
Napi::Value dispose_handle(const Napi::CallbackInfo& info);
Napi::Value stop_engine(const Napi::CallbackInfo& info);

}  // namespace florigen::binding
