#pragma once

#include <memory>
#include <string>
#include <vector>

#include "binding/describe_value.h"
#include "binding/engine.h"
#include "binding/session.h"
#include "core/error.h"
#include "core/tensor_info.h"
#include "inference/feature_network_runtime.h"
#include "inference/generator_runtime.h"
#include "inference/text_network_runtime.h"
#include "training/trainer.h"

namespace florigen::binding {

template <typename Native>
struct HandleKind;
template <>
struct HandleKind<Trainer> {
  // Random, so that no other addon's tag can be mistaken for ours.
  static constexpr napi_type_tag tag{0x6f1a3c5be29d4708, 0x9b7e02d4c81f56a3};
  static constexpr const char* name = "trainer";
  static constexpr const char* expectation = "a handle from a create...Trainer function";
};
template <>
struct HandleKind<GeneratorRuntime> {
  static constexpr napi_type_tag tag{0x2d84b0e97c563f1a, 0xe5a91f6803d7c24b};
  static constexpr const char* name = "generator";
  static constexpr const char* expectation = "a handle from createGenerator";
};
template <>
struct HandleKind<FeatureNetworkRuntime> {
  static constexpr napi_type_tag tag{0x93c7d10f6ab24e58, 0x41f0b86d2e9375ca};
  static constexpr const char* name = "network";
  static constexpr const char* expectation = "a handle from createFeatureNetwork";
};

template <>
struct HandleKind<TextNetworkRuntime> {
  static constexpr napi_type_tag tag{0x58e21c9f3ad7b604, 0xc70d94b1f26e83a9};
  static constexpr const char* name = "network";
  static constexpr const char* expectation = "a handle from createTextNetwork";
};

/// A native object in JavaScript's hands: an External with a type tag. The fields belong to the JavaScript
/// thread; jobs take copies of `object`, so that the object outlives them.
template <typename Native>
struct Handle {
  std::shared_ptr<Native> object;  ///< empty once disposed
  std::vector<TensorInfo> manifest;
  int64_t text_size;  ///< numbers of one text: of its embedding, or of its tokens
  std::weak_ptr<Engine> engine;
  bool disposed = false;
  bool running = false;
};

template <typename Native>
using HandlePointer = std::shared_ptr<Handle<Native>>;

/// Bytes of all tensors of a manifest; what V8 is told about the weight of a handle.
int64_t manifest_bytes(const std::vector<TensorInfo>& manifest);
Napi::Array to_js_manifest(Napi::Env env, const std::vector<TensorInfo>& manifest);

/// Moves the object of a collected handle to the engine thread, to be freed there; where the engine is gone,
/// frees it here.
template <typename Native>
void free_collected(Napi::Env env, Handle<Native>& handle) {
  if (!handle.object) return;
  Napi::MemoryManagement::AdjustExternalMemory(env, -manifest_bytes(handle.manifest));
  const auto engine = handle.engine.lock();
  if (!engine) return handle.object.reset();
  engine->queue().push(JobQueue::Order::kBetweenSteps, JobQueue::Job([object = std::move(handle.object)] {}));
}

template <typename Native>
Napi::Value to_js_handle(Napi::Env env, Handle<Native> handle) {
  Napi::MemoryManagement::AdjustExternalMemory(env, manifest_bytes(handle.manifest));
  auto* holder = new HandlePointer<Native>(std::make_shared<Handle<Native>>(std::move(handle)));
  const auto external = Napi::External<HandlePointer<Native>>::New(
      env, holder, [](Napi::Env finalizing, HandlePointer<Native>* collected) {
        free_collected(finalizing, **collected);
        delete collected;
      });
  external.TypeTag(&HandleKind<Native>::tag);
  return external;
}

template <typename Native>
bool is_handle(Napi::Value value) {
  return value.IsExternal() && value.As<Napi::External<void>>().CheckTypeTag(&HandleKind<Native>::tag);
}

/// The handle behind a value, disposed or not; throws kUsage for anything else.
template <typename Native>
HandlePointer<Native> unwrap_handle(Napi::Value value) {
  using Kind = HandleKind<Native>;
  if (!is_handle<Native>(value)) refuse_value(Kind::name, Kind::expectation, value);
  return *value.As<Napi::External<HandlePointer<Native>>>().Data();
}

/// As `unwrap_handle`, and throws kDisposed after dispose.
template <typename Native>
HandlePointer<Native> usable_handle(Napi::Value value) {
  auto handle = unwrap_handle<Native>(value);
  if (handle->disposed) {
    throw Error(ErrorCode::kDisposed, std::string("the ") + HandleKind<Native>::name + " is disposed");
  }
  return handle;
}

/// Throws kBusy while the object runs steps: nothing but the run itself may change it then.
template <typename Native>
void refuse_while_running(const Handle<Native>& handle) {
  if (handle.running) {
    throw Error(ErrorCode::kBusy,
                std::string("the ") + HandleKind<Native>::name + " is running; wait for its run");
  }
}

}  // namespace florigen::binding
