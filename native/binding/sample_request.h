#pragma once

#include <cstdint>
#include <vector>

#include "binding/napi_setup.h"

namespace florigen::binding {

/// What an image is drawn from: row i of `sentences` ([n, text_size], row-major) and the noise of seeds[i].
struct SampleRequest {
  std::vector<float> sentences;
  std::vector<uint32_t> seeds;
};

/// Reads `sentences` and `seeds`; throws kUsage where their sizes do not fit each other.
SampleRequest read_sample_request(Napi::Value sentences, Napi::Value seeds, int64_t text_size);

/// RGB bytes as a Uint8Array.
Napi::Value to_js_images(Napi::Env env, const std::vector<uint8_t>& images);

}  // namespace florigen::binding
