#pragma once

#include "binding/napi_setup.h"

namespace florigen::binding {

// Trainers of single networks. Their TypeScript signatures stand at the definitions.
Napi::Value create_text_encoder_trainer(const Napi::CallbackInfo& info);
Napi::Value create_feature_trainer(const Napi::CallbackInfo& info);

}  // namespace florigen::binding
