#pragma once

#include "binding/napi_setup.h"

namespace florigen::binding {

// What every trainer can do. Their TypeScript signatures stand at the definitions.
Napi::Value trainer_manifest(const Napi::CallbackInfo& info);
Napi::Value trainer_read_state(const Napi::CallbackInfo& info);
Napi::Value trainer_write_state(const Napi::CallbackInfo& info);
Napi::Value trainer_run(const Napi::CallbackInfo& info);

}  // namespace florigen::binding
