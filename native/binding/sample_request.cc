#include "binding/sample_request.h"

#include <string>

#include "binding/typed_arrays.h"
#include "core/error.h"

namespace florigen::binding {

SampleRequest read_sample_request(Napi::Value sentences, Napi::Value seeds, int64_t text_size) {
  SampleRequest request{copy_typed_array<float>(sentences, "sentences"),
                        copy_typed_array<uint32_t>(seeds, "seeds")};
  if (request.seeds.empty())
    throw_must_be(ErrorCode::kUsage, "seeds", "a Uint32Array with elements", "empty");
  const size_t expected = request.seeds.size() * static_cast<size_t>(text_size);
  if (request.sentences.size() != expected) {
    throw_must_be(ErrorCode::kUsage, "sentences",
                  std::to_string(request.seeds.size()) + " rows of " + std::to_string(text_size) +
                      " numbers, one row per seed",
                  std::to_string(request.sentences.size()) + " numbers");
  }
  return request;
}

Napi::Value to_js_images(Napi::Env env, const std::vector<uint8_t>& images) {
  return Napi::Uint8Array::New(env, images.size(), to_array_buffer(env, images), 0);
}

}  // namespace florigen::binding
