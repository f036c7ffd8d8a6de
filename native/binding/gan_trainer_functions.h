#pragma once

#include "binding/napi_setup.h"

namespace florigen::binding {

// Their TypeScript signatures stand at the definitions.
Napi::Value create_gan_trainer(const Napi::CallbackInfo& info);
Napi::Value gan_trainer_sample(const Napi::CallbackInfo& info);

}  // namespace florigen::binding
