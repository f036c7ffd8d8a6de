#pragma once

#include "binding/napi_setup.h"

namespace florigen::binding {

// Their TypeScript signatures stand at the definitions.
Napi::Value create_generator(const Napi::CallbackInfo& info);
Napi::Value generator_manifest(const Napi::CallbackInfo& info);
Napi::Value generator_write_state(const Napi::CallbackInfo& info);
Napi::Value generator_generate(const Napi::CallbackInfo& info);

}  // namespace florigen::binding
