#pragma once

#include <cstdint>

namespace florigen {

/// What the CUDA runtime says of a device.
struct CudaDeviceDescription {
  char name[256];
  int64_t total_bytes;
  int64_t free_bytes;
  int64_t allocated_bytes;  ///< by tensors of this process
  int32_t major;            ///< compute capability
  int32_t minor;
};

/// Rows `first_row .. first_row + rows - 1` of a Philox stream (docs/step.md, section 7).
struct CudaNoiseRequest {
  uint32_t seed;
  uint32_t purpose;
  uint32_t step;
  uint32_t pass;
  uint32_t first_row;
  int64_t rows;
  int64_t columns;
};

/// The functions of libflorigen_cuda, which links the CUDA runtime so that nothing here has to. Plain C,
/// since the two libraries are opened apart. Each returns 0 or a cudaError_t.
struct CudaTable {
  uint32_t version;
  int (*describe_device)(int index, CudaDeviceDescription* out);
  /// Writes `[rows, columns]` float64 of N(0, 1) to device memory, on the current stream of the current
  /// device.
  int (*fill_normal)(const CudaNoiseRequest* request, double* out);
};

constexpr uint32_t kCudaTableVersion = 1;

/// nullptr where libflorigen_cuda is not loaded.
const CudaTable* cuda_table();

}  // namespace florigen
