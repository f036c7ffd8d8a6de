#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace florigen {

struct RuntimeOptions {
  int64_t threads;  ///< intra-op threads; 0 leaves LibTorch's own choice
};

struct CudaDeviceInfo {
  std::string name;
  int64_t memory_bytes;
  std::string capability;  ///< such as "9.0"; empty where only LibTorch knows the device
};

struct RuntimeInfo {
  std::string libtorch_version;
  std::string built_against;
  std::string cpu_capability;  ///< such as "AVX2"
  int64_t threads;
  std::vector<CudaDeviceInfo> cuda_devices;
};

/// Sets the number of threads of this process and says what it runs on. Call on the engine thread: OpenMP
/// keeps a team for each calling thread.
RuntimeInfo configure_runtime(const RuntimeOptions& options);

}  // namespace florigen
