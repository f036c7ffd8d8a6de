#include "core/runtime.h"

#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <ATen/detail/CUDAHooksInterface.h>
#include <torch/csrc/inductor/aoti_torch/c/shim.h>
#include <torch/cuda.h>
#include <torch/version.h>

namespace florigen {
namespace {

// aoti_torch_abi_version packs major, minor and patch into the top three bytes.
std::string loaded_version() {
  const uint64_t packed = aoti_torch_abi_version();
  return std::to_string(packed >> 56) + "." + std::to_string((packed >> 48) & 0xFF) + "." +
         std::to_string((packed >> 40) & 0xFF);
}

std::vector<CudaDeviceInfo> cuda_devices() {
  std::vector<CudaDeviceInfo> devices;
  if (!torch::cuda::is_available()) return devices;
  const auto& hooks = at::detail::getCUDAHooks();
  for (int index = 0; index < torch::cuda::device_count(); ++index) {
    // Names and memory need the CUDA runtime, which only libflorigen_cuda may link; `doctor` asks nvidia-smi.
    devices.push_back({"cuda:" + std::to_string(index), 0, std::to_string(hooks.versionCUDART())});
  }
  return devices;
}

}  // namespace

RuntimeInfo configure_runtime(const RuntimeOptions& options) {
  if (options.threads > 0) at::set_num_threads(static_cast<int>(options.threads));
  return {loaded_version(), TORCH_VERSION, at::get_cpu_capability(), at::get_num_threads(), cuda_devices()};
}

}  // namespace florigen
