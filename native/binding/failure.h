#pragma once

#include <string>

#include "binding/napi_setup.h"
#include "core/error.h"

namespace florigen::binding {

/// What went wrong, free of any thread: the engine makes it, the JavaScript thread turns it into an Error.
struct Failure {
  ErrorCode code;
  std::string message;
};

/// The failure of the exception in hand. Call inside a `catch (...)`. LibTorch's errors lose their backtrace; an
/// allocation that failed is `kOutOfMemory` on every device.
Failure describe_current_exception();

/// The `code` of a JavaScript error (ts/errors.ts): "USAGE", "NON_FINITE", ...
const char* code_name(ErrorCode code);

/// A JavaScript Error with `code`.
Napi::Error to_js_error(Napi::Env env, const Failure& failure);

}  // namespace florigen::binding
