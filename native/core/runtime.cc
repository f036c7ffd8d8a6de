#include "core/runtime.h"

#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <torch/csrc/inductor/aoti_torch/c/shim.h>
#include <torch/cuda.h>
#include <torch/version.h>

#include "core/cuda_table.h"

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
  const CudaTable* table = cuda_table();
  for (int index = 0; index < torch::cuda::device_count(); ++index) {
    // Without libflorigen_cuda nothing here may ask the CUDA runtime: a device is then known by its number
    // alone.
    CudaDeviceDescription description{};
    if (table == nullptr || table->describe_device(index, &description) != 0) {
      devices.push_back({"cuda:" + std::to_string(index), 0, ""});
      continue;
    }
    devices.push_back({description.name, description.total_bytes,
                       std::to_string(description.major) + "." + std::to_string(description.minor)});
  }
  return devices;
}

}  // namespace

RuntimeInfo configure_runtime(const RuntimeOptions& options) {
  if (options.threads > 0) at::set_num_threads(static_cast<int>(options.threads));
  return {loaded_version(), TORCH_VERSION, at::get_cpu_capability(), at::get_num_threads(), cuda_devices()};
}

}  // namespace florigen
