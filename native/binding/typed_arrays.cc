#include "binding/typed_arrays.h"

#include <cstring>

namespace florigen::binding {

Napi::ArrayBuffer to_array_buffer(Napi::Env env, const std::vector<uint8_t>& bytes) {
  auto buffer = Napi::ArrayBuffer::New(env, bytes.size());
  if (!bytes.empty()) std::memcpy(buffer.Data(), bytes.data(), bytes.size());
  return buffer;
}

}  // namespace florigen::binding
