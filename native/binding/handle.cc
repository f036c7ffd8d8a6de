#include "binding/handle.h"

namespace florigen::binding {
namespace {

int64_t element_bytes(const std::string& dtype) { return dtype == "F64" || dtype == "I64" ? 8 : 4; }

}  // namespace

int64_t manifest_bytes(const std::vector<TensorInfo>& manifest) {
  int64_t total = 0;
  for (const auto& tensor : manifest) {
    int64_t bytes = element_bytes(tensor.dtype);
    for (const auto size : tensor.shape) bytes *= size;
    total += bytes;
  }
  return total;
}

Napi::Array to_js_manifest(Napi::Env env, const std::vector<TensorInfo>& manifest) {
  auto result = Napi::Array::New(env, manifest.size());
  for (uint32_t index = 0; index < manifest.size(); ++index) {
    const auto& tensor = manifest[index];
    auto shape = Napi::Array::New(env, tensor.shape.size());
    for (uint32_t axis = 0; axis < tensor.shape.size(); ++axis) {
      shape.Set(axis, Napi::Number::New(env, static_cast<double>(tensor.shape[axis])));
    }
    auto entry = Napi::Object::New(env);
    entry.Set("name", tensor.name);
    entry.Set("dtype", tensor.dtype);
    entry.Set("shape", shape);
    result.Set(index, entry);
  }
  return result;
}

}  // namespace florigen::binding
