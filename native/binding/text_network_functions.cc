#include "binding/text_network_functions.h"

#include <string>

#include "binding/create_handle.h"
#include "binding/read_text_options.h"
#include "binding/tensor_access.h"
#include "core/error.h"
#include "inference/text_network_runtime.h"

namespace florigen::binding {
namespace {

std::vector<int32_t> read_tokens(Napi::Value value, int64_t length) {
  auto tokens = copy_typed_array<int32_t>(value, "tokens");
  if (tokens.empty() || tokens.size() % static_cast<size_t>(length) != 0) {
    throw_must_be(ErrorCode::kUsage, "tokens", "rows of " + std::to_string(length) + " numbers",
                  std::to_string(tokens.size()) + " numbers");
  }
  return tokens;
}

}  // namespace

// createTextNetwork(options: NativeTextNetworkOptions): Promise<TextNetworkHandle>;
Napi::Value create_text_network(const Napi::CallbackInfo& info) {
  const auto options = read_text_network_options(OptionReader(info[0], "options", ""));
  return create_handle<TextNetworkRuntime>(info.Env(), options, options.length);
}

// textNetworkManifest(network: TextNetworkHandle): NativeTensorInfo[];
Napi::Value text_network_manifest(const Napi::CallbackInfo& info) {
  return to_js_manifest(info.Env(), usable_handle<TextNetworkRuntime>(info[0])->manifest);
}

// textNetworkWriteState(network: TextNetworkHandle, name: string, bytes: Uint8Array): Promise<void>;
Napi::Value text_network_write_state(const Napi::CallbackInfo& info) {
  return write_tensor<TextNetworkRuntime>(info);
}

// textNetworkEncode(network: TextNetworkHandle, tokens: Int32Array): Promise<Float32Array>;
Napi::Value text_network_encode(const Napi::CallbackInfo& info) {
  const auto handle = usable_handle<TextNetworkRuntime>(info[0]);
  return submit_job(
      info.Env(), JobQueue::Order::kBetweenSteps,
      [object = handle->object, tokens = read_tokens(info[1], handle->text_size)] {
        return object->encode(tokens);
      },
      to_float32_array);
}

}  // namespace florigen::binding
