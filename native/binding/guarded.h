#pragma once

#include "binding/js_error.h"

namespace florigen::binding {

using BoundFunction = Napi::Value (*)(const Napi::CallbackInfo&);

/// For functions that answer at once: what they throw becomes a JavaScript exception with a `code`.
template <BoundFunction function>
Napi::Value guarded(const Napi::CallbackInfo& info) {
  try {
    return function(info);
  } catch (const Napi::Error&) {
    throw;  // JavaScript's own exception, such as one from a getter
  } catch (...) {
    throw to_js_error(info.Env(), describe_current_exception());
  }
}

/// For functions that return a promise: what they throw rejects it, so that `.catch()` sees every failure.
template <BoundFunction function>
Napi::Value guarded_promise(const Napi::CallbackInfo& info) {
  const auto rejected = [&info](Napi::Value reason) {
    auto deferred = Napi::Promise::Deferred::New(info.Env());
    deferred.Reject(reason);
    return deferred.Promise();
  };
  try {
    return function(info);
  } catch (const Napi::Error& error) {
    return rejected(error.Value());
  } catch (...) {
    return rejected(to_js_error(info.Env(), describe_current_exception()).Value());
  }
}

}  // namespace florigen::binding
