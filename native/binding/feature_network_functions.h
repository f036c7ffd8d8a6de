#pragma once

#include "binding/napi_setup.h"

namespace florigen::binding {

// Their TypeScript signatures stand at the definitions.
Napi::Value create_feature_network(const Napi::CallbackInfo& info);
Napi::Value feature_network_manifest(const Napi::CallbackInfo& info);
Napi::Value feature_network_write_state(const Napi::CallbackInfo& info);
Napi::Value feature_network_extract(const Napi::CallbackInfo& info);

}  // namespace florigen::binding
