#include "binding/runtime_functions.h"

#include <utility>

#include "binding/handle.h"
#include "binding/option_reader.h"
#include "binding/submit_job.h"

namespace florigen::binding {
namespace {

Napi::Object to_js_device(Napi::Env env, const CudaDeviceInfo& device) {
  auto result = Napi::Object::New(env);
  result.Set("name", device.name);
  result.Set("memoryBytes", Napi::Number::New(env, static_cast<double>(device.memory_bytes)));
  result.Set("capability", device.capability);
  return result;
}

Napi::Object to_js_runtime_info(Napi::Env env, const RuntimeInfo& info) {
  auto devices = Napi::Array::New(env, info.cuda_devices.size());
  for (uint32_t index = 0; index < info.cuda_devices.size(); ++index) {
    devices.Set(index, to_js_device(env, info.cuda_devices[index]));
  }
  auto result = Napi::Object::New(env);
  result.Set("libtorchVersion", info.libtorch_version);
  result.Set("builtAgainst", info.built_against);
  result.Set("threads", Napi::Number::New(env, static_cast<double>(info.threads)));
  result.Set("cpuCapability", info.cpu_capability);
  result.Set("cudaDevices", devices);
  return result;
}

Napi::Promise resolved(Napi::Env env) {
  auto deferred = Napi::Promise::Deferred::New(env);
  deferred.Resolve(env.Undefined());
  return deferred.Promise();
}

template <typename Native>
Napi::Value dispose(Napi::Env env, Napi::Value value) {
  const auto handle = unwrap_handle<Native>(value);
  if (handle->object) Napi::MemoryManagement::AdjustExternalMemory(env, -manifest_bytes(handle->manifest));
  handle->disposed = true;
  if (Session::of(env).stopped()) {
    handle->object.reset();
    return resolved(env);
  }
  // Behind a run of its own the object must wait; behind another's it may go between two steps.
  const auto order = handle->running ? JobQueue::Order::kInTurn : JobQueue::Order::kBetweenSteps;
  return submit_job(
      env, order,
      [object = std::move(handle->object)]() mutable {
        object.reset();
        return Done{};
      },
      to_undefined);
}

}  // namespace

// configureRuntime(options: NativeRuntimeOptions): NativeRuntimeInfo;
Napi::Value configure_runtime(const Napi::CallbackInfo& info) {
  OptionReader reader(info[0], "options", "");
  const RuntimeOptions options{reader.count("threads")};
  reader.refuse_unknown_keys();
  return to_js_runtime_info(info.Env(), Session::of(info.Env()).engine()->configure(options));
}

// cancelJob(jobId: number): void;
Napi::Value cancel_job(const Napi::CallbackInfo& info) {
  if (!info[0].IsNumber()) refuse_value("jobId", "a number", info[0]);
  Session::of(info.Env()).cancel(info[0].As<Napi::Number>().Int64Value());
  return info.Env().Undefined();
}

// disposeHandle(
//   handle: TrainerHandle | GeneratorHandle | TextNetworkHandle | FeatureNetworkHandle,
// ): Promise<void>;
Napi::Value dispose_handle(const Napi::CallbackInfo& info) {
  if (is_handle<Trainer>(info[0])) return dispose<Trainer>(info.Env(), info[0]);
  if (is_handle<GeneratorRuntime>(info[0])) return dispose<GeneratorRuntime>(info.Env(), info[0]);
  if (is_handle<FeatureNetworkRuntime>(info[0])) return dispose<FeatureNetworkRuntime>(info.Env(), info[0]);
  if (is_handle<TextNetworkRuntime>(info[0])) return dispose<TextNetworkRuntime>(info.Env(), info[0]);
  refuse_value("handle", "a handle from a create function of this addon", info[0]);
}

// stopEngine(): void;
Napi::Value stop_engine(const Napi::CallbackInfo& info) {
  Session::of(info.Env()).stop();
  return info.Env().Undefined();
}

}  // namespace florigen::binding
