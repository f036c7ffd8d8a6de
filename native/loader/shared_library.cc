#include "loader/shared_library.h"

#include <dlfcn.h>
#include <torch/headeronly/version.h>

namespace florigen::loader {

void* open_library(const std::string& path) {
  // RTLD_LOCAL: libtorch_cpu exports hundreds of symbols of libuv, protobuf and BLAS that later addons would
  // bind to.
  void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    const char* reason = dlerror();
    throw LibraryError("The library " + path +
                       " cannot be opened: " + (reason == nullptr ? "no reason given" : reason));
  }
  return library;
}

void* find_symbol(void* library, const char* name) { return dlsym(library, name); }

std::string version_text(uint64_t abi_version) {
  auto byte = [abi_version](int shift) { return std::to_string((abi_version >> shift) & 0xff); };
  return byte(56) + "." + byte(48) + "." + byte(40);
}

void check_torch_version(void* torch_cpu, const std::string& path) {
  auto abi_version = reinterpret_cast<uint64_t (*)()>(find_symbol(torch_cpu, "aoti_torch_abi_version"));
  const std::string found = abi_version == nullptr ? "one without a version" : version_text(abi_version());
  if (abi_version == nullptr || abi_version() != TORCH_ABI_VERSION) {
    throw LibraryError("LibTorch must be " + std::string(TORCH_VERSION) +
                       ", the version that florigen was built against, but " + path + " is " + found +
                       " instead");
  }
}

}  // namespace florigen::loader
