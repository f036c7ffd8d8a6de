#include "binding/js_error.h"

namespace florigen::binding {
namespace {

const char* code_name(ErrorCode code) {
  switch (code) {
    case ErrorCode::kUsage:
      return "USAGE";
    case ErrorCode::kData:
      return "DATA";
    case ErrorCode::kNative:
      return "NATIVE";
    case ErrorCode::kNonFinite:
      return "NON_FINITE";
    case ErrorCode::kOutOfMemory:
      return "OUT_OF_MEMORY";
    case ErrorCode::kBusy:
      return "BUSY";
    case ErrorCode::kDisposed:
      return "DISPOSED";
    case ErrorCode::kLibrary:
      return "LIBRARY";
  }
  return "NATIVE";
}

}  // namespace

Napi::Error to_js_error(Napi::Env env, const Failure& failure) {
  auto error = Napi::Error::New(env, failure.message);
  error.Set("code", Napi::String::New(env, code_name(failure.code)));
  return error;
}

}  // namespace florigen::binding
