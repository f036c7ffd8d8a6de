#include "binding/typed_arrays.h"

#include <cstring>

namespace florigen::binding {

Napi::ArrayBuffer to_array_buffer(Napi::Env env, const std::vector<uint8_t>& bytes) {
  auto buffer = Napi::ArrayBuffer::New(env, bytes.size());
  if (!bytes.empty()) std::memcpy(buffer.Data(), bytes.data(), bytes.size());
  return buffer;
}

Napi::Value to_float32_array(Napi::Env env, const std::vector<float>& numbers) {
  auto array = Napi::Float32Array::New(env, numbers.size());
  if (!numbers.empty()) std::memcpy(array.Data(), numbers.data(), numbers.size() * sizeof(float));
  return array;
}

}  // namespace florigen::binding
