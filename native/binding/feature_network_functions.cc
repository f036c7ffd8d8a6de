#include "binding/feature_network_functions.h"

#include "binding/create_handle.h"
#include "binding/read_feature_options.h"
#include "binding/tensor_access.h"
#include "binding/view_request.h"
#include "networks/googlenet/torchvision_names.h"

namespace florigen::binding {
namespace {

/// Of the manifest, or what a torchvision state dict has beyond it.
std::string read_weight_name(Napi::Value value, const std::vector<TensorInfo>& manifest) {
  if (value.IsString()) {
    std::string name = value.As<Napi::String>();
    if (googlenet::is_torchvision_classifier(name)) return name;
  }
  return read_tensor_name(value, manifest);
}

}  // namespace

// createFeatureNetwork(options: NativeFeatureNetworkOptions): Promise<FeatureNetworkHandle>;
Napi::Value create_feature_network(const Napi::CallbackInfo& info) {
  const auto options = read_feature_network_options(OptionReader(info[0], "options", ""));
  return create_handle<FeatureNetworkRuntime>(info.Env(), options, /*text_size=*/0);
}

// featureNetworkManifest(network: FeatureNetworkHandle): NativeTensorInfo[];
Napi::Value feature_network_manifest(const Napi::CallbackInfo& info) {
  return to_js_manifest(info.Env(), usable_handle<FeatureNetworkRuntime>(info[0])->manifest);
}

// featureNetworkWriteState(network: FeatureNetworkHandle, name: string, bytes: Uint8Array): Promise<void>;
Napi::Value feature_network_write_state(const Napi::CallbackInfo& info) {
  const auto handle = usable_handle<FeatureNetworkRuntime>(info[0]);
  return submit_job(
      info.Env(), JobQueue::Order::kBetweenSteps,
      [object = handle->object, name = read_weight_name(info[1], handle->manifest),
       bytes = copy_typed_array<uint8_t>(info[2], "bytes")] {
        object->write_state(name, bytes.data(), bytes.size());
        return Done{};
      },
      to_undefined);
}

// featureNetworkExtract(
//   network: FeatureNetworkHandle,
//   images: Uint8Array,
//   views: Int32Array,
//   crop: { side: number; cropSide: number },
// ): Promise<NativeViewFeatures>;
Napi::Value feature_network_extract(const Napi::CallbackInfo& info) {
  const auto handle = usable_handle<FeatureNetworkRuntime>(info[0]);
  return submit_job(
      info.Env(), JobQueue::Order::kBetweenSteps,
      [object = handle->object, owned = read_view_request(info[1], info[2], info[3])]() mutable {
        owned.request.images = owned.images.data();
        return object->extract(owned.request);
      },
      to_js_view_features);
}

}  // namespace florigen::binding
