#pragma once

#include "binding/napi_setup.h"

namespace florigen::binding {

// Their TypeScript signatures stand at the definitions.
Napi::Value create_text_network(const Napi::CallbackInfo& info);
Napi::Value text_network_manifest(const Napi::CallbackInfo& info);
Napi::Value text_network_write_state(const Napi::CallbackInfo& info);
Napi::Value text_network_encode(const Napi::CallbackInfo& info);

}  // namespace florigen::binding
