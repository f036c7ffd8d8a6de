#include <c10/cuda/CUDACachingAllocator.h>
#include <c10/cuda/CUDAGuard.h>

#include <cstring>

#include "core/cuda_table.h"
#include "cuda/noise.cuh"

namespace florigen::cuda {
namespace {

int64_t allocated_bytes(int index) {
  if (!c10::cuda::CUDACachingAllocator::get()->initialized()) return 0;
  const auto statistics =
      c10::cuda::CUDACachingAllocator::getDeviceStats(static_cast<c10::DeviceIndex>(index));
  return statistics.allocated_bytes[static_cast<size_t>(c10::CachingAllocator::StatType::AGGREGATE)].current;
}

/// Hands an error out and takes it back from the runtime, which would show it to LibTorch's next call as that
/// one's.
int handed_out(cudaError_t error) {
  (void)cudaGetLastError();
  return error;
}

int describe_device(int index, CudaDeviceDescription* out) {
  cudaDeviceProp properties;
  if (const cudaError_t error = cudaGetDeviceProperties(&properties, index)) return handed_out(error);
  const c10::cuda::CUDAGuard guard(static_cast<c10::DeviceIndex>(index));
  size_t free_bytes = 0;
  size_t total_bytes = 0;
  if (const cudaError_t error = cudaMemGetInfo(&free_bytes, &total_bytes)) return handed_out(error);
  static_assert(sizeof(out->name) == sizeof(properties.name));
  std::memcpy(out->name, properties.name, sizeof(out->name));
  out->total_bytes = static_cast<int64_t>(total_bytes);
  out->free_bytes = static_cast<int64_t>(free_bytes);
  out->allocated_bytes = allocated_bytes(index);
  out->major = properties.major;
  out->minor = properties.minor;
  return cudaSuccess;
}

}  // namespace
}  // namespace florigen::cuda

/// What the loader hands to libflorigen.
extern "C" __attribute__((visibility("default"))) const void* florigen_cuda_table() {
  static const florigen::CudaTable table = {florigen::kCudaTableVersion, florigen::cuda::describe_device,
                                            florigen::cuda::fill_normal};
  return &table;
}
