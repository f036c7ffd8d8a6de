#pragma once

#include "binding/napi_setup.h"
#include "core/failure.h"

namespace florigen::binding {

/// A JavaScript Error whose `code` is one of ts/errors.ts: "USAGE", "NON_FINITE", ...
Napi::Error to_js_error(Napi::Env env, const Failure& failure);

}  // namespace florigen::binding
