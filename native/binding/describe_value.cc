#include "binding/describe_value.h"

#include "core/error.h"

namespace florigen::binding {
namespace {

constexpr size_t kShownBytes = 80;

// Cut between two characters: bytes 10xxxxxx continue one.
std::string shortened(std::string text) {
  if (text.size() <= kShownBytes) return text;
  size_t end = kShownBytes - 3;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end) + "...";
}

std::string describe_object(Napi::Value value) {
  if (value.IsArray()) return "an array";
  if (value.IsTypedArray() || value.IsDataView()) return "a typed array of another kind";
  if (value.IsArrayBuffer()) return "an ArrayBuffer";
  return "an object";
}

}  // namespace

std::string describe_value(Napi::Value value) {
  switch (value.Type()) {
    case napi_string:
      return shortened('"' + value.As<Napi::String>().Utf8Value() + '"');
    case napi_number:
      return value.ToString();
    case napi_boolean:
      return value.As<Napi::Boolean>() ? "true" : "false";
    case napi_null:
      return "null";
    case napi_undefined:
      return "undefined";
    case napi_function:
      return "a function";
    case napi_symbol:
      return "a symbol";
    case napi_bigint:
      return "a BigInt";
    case napi_external:
      return "a foreign handle";
    default:
      return describe_object(value);
  }
}

void refuse_value(const std::string& name, const std::string& expectation, Napi::Value value) {
  throw_must_be(ErrorCode::kUsage, name, expectation, describe_value(value));
}

}  // namespace florigen::binding
