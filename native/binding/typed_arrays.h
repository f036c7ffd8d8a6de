#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "binding/describe_value.h"

namespace florigen::binding {

template <typename Element>
struct TypedArrayKind;
template <>
struct TypedArrayKind<int32_t> {
  static constexpr napi_typedarray_type type = napi_int32_array;
  static constexpr const char* name = "an Int32Array";
};
template <>
struct TypedArrayKind<uint32_t> {
  static constexpr napi_typedarray_type type = napi_uint32_array;
  static constexpr const char* name = "a Uint32Array";
};
template <>
struct TypedArrayKind<float> {
  static constexpr napi_typedarray_type type = napi_float32_array;
  static constexpr const char* name = "a Float32Array";
};
template <>
struct TypedArrayKind<uint8_t> {
  static constexpr napi_typedarray_type type = napi_uint8_array;
  static constexpr const char* name = "a Uint8Array";
};

/// A copy of the elements: the caller may change or detach its array as soon as the call returns.
template <typename Element>
std::vector<Element> copy_typed_array(Napi::Value value, const std::string& name) {
  using Kind = TypedArrayKind<Element>;
  if (!value.IsTypedArray() || value.As<Napi::TypedArray>().TypedArrayType() != Kind::type) {
    refuse_value(name, Kind::name, value);
  }
  const auto array = value.As<Napi::TypedArrayOf<Element>>();
  // A detached array may have a null pointer and no elements.
  return array.ElementLength() == 0
             ? std::vector<Element>()
             : std::vector<Element>(array.Data(), array.Data() + array.ElementLength());
}

/// A new ArrayBuffer with a copy of the bytes (Electron forbids buffers that point outside its heap).
Napi::ArrayBuffer to_array_buffer(Napi::Env env, const std::vector<uint8_t>& bytes);

/// The numbers as a Float32Array of their own.
Napi::Value to_float32_array(Napi::Env env, const std::vector<float>& numbers);

}  // namespace florigen::binding
