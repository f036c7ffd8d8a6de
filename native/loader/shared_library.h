#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>

namespace florigen::loader {

/// A library that cannot be used. `what()` is a sentence for the user; JavaScript sees the code LIBRARY.
class LibraryError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Maps the library at an absolute path, every symbol bound at once and none offered to other addons, and
/// never unmaps it: LibTorch's threads and static objects outlive any handle.
void* open_library(const std::string& path);

/// The address of a C function, or nullptr where the library has none of that name.
void* find_symbol(void* library, const char* name);

/// Throws where the LibTorch in `torch_cpu` is not the version that florigen was compiled with: its C++
/// interface keeps no promise from one minor version to the next.
void check_torch_version(void* torch_cpu, const std::string& path);

/// "2.11.0" from 0x020b000000000000.
std::string version_text(uint64_t abi_version);

}  // namespace florigen::loader
