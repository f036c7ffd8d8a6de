#include "binding/generator_functions.h"

#include "binding/create_handle.h"
#include "binding/read_network_options.h"
#include "binding/sample_request.h"
#include "binding/tensor_access.h"

namespace florigen::binding {

// createGenerator(options: NativeNetworkOptions): Promise<GeneratorHandle>;
Napi::Value create_generator(const Napi::CallbackInfo& info) {
  const auto options = read_network_options(OptionReader(info[0], "options", ""));
  return create_handle<GeneratorRuntime>(info.Env(), options, options.text_size);
}

// generatorManifest(generator: GeneratorHandle): NativeTensorInfo[];
Napi::Value generator_manifest(const Napi::CallbackInfo& info) {
  return to_js_manifest(info.Env(), usable_handle<GeneratorRuntime>(info[0])->manifest);
}

// generatorWriteState(generator: GeneratorHandle, name: string, bytes: Uint8Array): Promise<void>;
Napi::Value generator_write_state(const Napi::CallbackInfo& info) {
  return write_tensor<GeneratorRuntime>(info);
}

// generatorGenerate(generator: GeneratorHandle, sentences: Float32Array, seeds: Uint32Array):
// Promise<Uint8Array>;
Napi::Value generator_generate(const Napi::CallbackInfo& info) {
  const auto handle = usable_handle<GeneratorRuntime>(info[0]);
  return submit_job(
      info.Env(), JobQueue::Order::kBetweenSteps,
      [object = handle->object, request = read_sample_request(info[1], info[2], handle->text_size)] {
        return object->generate(request.sentences.data(), request.seeds);
      },
      to_js_images);
}

}  // namespace florigen::binding
