#pragma once

#include "binding/napi_setup.h"
#include "inference/feature_network_runtime.h"

namespace florigen::binding {

/// Owns the bytes that a ViewRequest points at.
struct OwnedViewRequest {
  std::vector<uint8_t> images;
  ViewRequest request;  ///< its `images` is set by the job, beside the bytes
};

/// Reads `images`, `views` and `crop` of featureNetworkExtract; throws kUsage where they do not fit each
/// other.
OwnedViewRequest read_view_request(Napi::Value images, Napi::Value views, Napi::Value crop);

/// `{ features: Float32Array, logits: Float32Array }`.
Napi::Value to_js_view_features(Napi::Env env, const ViewFeatures& found);

}  // namespace florigen::binding
