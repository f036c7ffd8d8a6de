// florigen.node: maps LibTorch, checks its version, maps libflorigen.so beside it and hands over the
// environment. It links no LibTorch, so that a missing or foreign one is a sentence and not a failed require.

#include <napi.h>
#include <torch/headeronly/version.h>

#include <algorithm>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "loader/shared_library.h"

namespace florigen::loader {
namespace {

using RegisterFunction = napi_value (*)(napi_env, napi_value);
using CudaTableFunction = const void* (*)();
using UseCudaTableFunction = void (*)(const void*);

struct LoadOptions {
  std::vector<std::string> libtorch;  // absolute paths, in the order of mapping; the second is libtorch_cpu
  std::string library;                // libflorigen.so
  std::string cuda_library;           // libflorigen_cuda.so, or empty
};

/// What this process has mapped. A second LibTorch beside the first would share none of its state, so it is
/// refused.
class OpenLibraries {
 public:
  void* open(const LoadOptions& options) {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (library_ == nullptr) {
      open_first(options);
    }
    const bool fits = options.libtorch.size() <= libtorch_.size() &&
                      std::equal(options.libtorch.begin(), options.libtorch.end(), libtorch_.begin());
    if (!fits) {
      throw LibraryError(
          "LibTorch must be opened once per process, from one folder and for one device, but is " +
          libtorch_.back() + " already and " + options.libtorch.back() + " is asked for now");
    }
    return library_;
  }

 private:
  void open_first(const LoadOptions& options) {
    open_library(options.libtorch.at(0));
    check_torch_version(open_library(options.libtorch.at(1)), options.libtorch.at(1));
    // The CUDA libraries come before the first question about CUDA: ATen asks once and keeps the answer.
    std::for_each(options.libtorch.begin() + 2, options.libtorch.end(), open_library);
    void* library = open_library(options.library);
    if (!options.cuda_library.empty()) {
      connect_cuda(library, open_library(options.cuda_library));
    }
    library_ = library;
    libtorch_ = options.libtorch;
  }

  static void connect_cuda(void* library, void* cuda_library) {
    auto table = reinterpret_cast<CudaTableFunction>(find_symbol(cuda_library, "florigen_cuda_table"));
    auto use = reinterpret_cast<UseCudaTableFunction>(find_symbol(library, "florigen_use_cuda_table"));
    if (table == nullptr || use == nullptr) {
      throw LibraryError(
          "The libraries libflorigen and libflorigen_cuda must be of one build, but do not fit each other");
    }
    use(table());
  }

  std::mutex mutex_;
  std::vector<std::string> libtorch_;
  void* library_ = nullptr;
};

OpenLibraries& open_libraries() {
  static auto* libraries =
      new OpenLibraries;  // never destroyed: LibTorch's threads may outlive static objects
  return *libraries;
}

LoadOptions read_options(const Napi::Object& object) {
  LoadOptions options;
  const auto paths = object.Get("libtorch").As<Napi::Array>();
  for (uint32_t i = 0; i < paths.Length(); ++i) {
    options.libtorch.push_back(paths.Get(i).As<Napi::String>().Utf8Value());
  }
  if (options.libtorch.size() < 2) {
    throw LibraryError("`libtorch` must be the paths of libc10 and libtorch_cpu, but has " +
                       std::to_string(options.libtorch.size()) + " entries instead");
  }
  options.library = object.Get("library").As<Napi::String>().Utf8Value();
  options.cuda_library = object.Get("cudaLibrary").As<Napi::String>().Utf8Value();
  return options;
}

Napi::Object load(Napi::Env env, const LoadOptions& options) {
  void* library = open_libraries().open(options);
  auto entry = reinterpret_cast<RegisterFunction>(find_symbol(library, "florigen_register"));
  if (entry == nullptr) {
    throw LibraryError("The library " + options.library + " must export florigen_register, but does not");
  }
  const Napi::Object exports = Napi::Object::New(env);
  napi_value result = entry(env, exports);
  if (env.IsExceptionPending()) {
    throw env.GetAndClearPendingException();
  }
  return Napi::Value(env, result == nullptr ? static_cast<napi_value>(exports) : result).As<Napi::Object>();
}

/// `load(options): FlorigenAddon`. The binding keeps its state per environment, so one environment registers
/// once.
class Loader {
 public:
  Napi::Value load_once(const Napi::CallbackInfo& info) {
    const Napi::Env env = info.Env();
    try {
      const LoadOptions options = read_options(info[0].As<Napi::Object>());
      if (addon_.IsEmpty()) {
        addon_ = Napi::Persistent(load(env, options));
        addon_.SuppressDestruct();  // at the end of a worker the environment is gone before this object
      } else {
        open_libraries().open(options);
      }
      return addon_.Value();
    } catch (const LibraryError& error) {
      Napi::Error js_error = Napi::Error::New(env, error.what());
      js_error.Set("code", Napi::String::New(env, "LIBRARY"));
      throw js_error;
    }
  }

 private:
  Napi::ObjectReference addon_;
};

Napi::Object init(Napi::Env env, Napi::Object exports) {
  auto loader = std::make_shared<Loader>();
  exports.Set("builtAgainst", Napi::String::New(env, TORCH_VERSION));
  exports.Set("load",
              Napi::Function::New(
                  env, [loader](const Napi::CallbackInfo& info) { return loader->load_once(info); }, "load"));
  return exports;
}

NODE_API_MODULE(florigen, init)

}  // namespace
}  // namespace florigen::loader
