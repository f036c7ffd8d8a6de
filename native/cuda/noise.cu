#include <c10/cuda/CUDAStream.h>

#include "cuda/noise.cuh"

namespace florigen::cuda {
namespace {

struct Words {
  uint32_t value[4];
};

/// Philox4x32-10 (Salmon et al. 2011), as native/core/philox.cc.
__device__ Words philox4x32(Words c, uint32_t k0, uint32_t k1) {
#pragma unroll
  for (int round = 0; round < 10; ++round) {
    const uint32_t high0 = __umulhi(0xD2511F53U, c.value[0]);
    const uint32_t low0 = 0xD2511F53U * c.value[0];
    const uint32_t high1 = __umulhi(0xCD9E8D57U, c.value[2]);
    const uint32_t low1 = 0xCD9E8D57U * c.value[2];
    c = {{high1 ^ c.value[1] ^ k0, low1, high0 ^ c.value[3] ^ k1, low0}};
    k0 += 0x9E3779B9U;
    k1 += 0xBB67AE85U;
  }
  return c;
}

__device__ double to_uniform(uint32_t word) { return (word + 0.5) * (1.0 / 4294967296.0); }

/// One thread per block of four elements of a row.
__global__ void normal_kernel(CudaNoiseRequest request, int64_t blocks_per_row, double* out) {
  const int64_t index = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  if (index >= request.rows * blocks_per_row) return;
  const auto row = static_cast<uint32_t>(index / blocks_per_row);
  const auto block = static_cast<uint32_t>(index % blocks_per_row);
  const Words counter = {{block, request.first_row + row, request.pass, request.step}};
  const Words words = philox4x32(counter, request.seed, request.purpose);
  for (int pair = 0; pair < 2; ++pair) {
    const double radius = sqrt(-2.0 * log(to_uniform(words.value[2 * pair])));
    double sine;
    double cosine;
    sincospi(2.0 * to_uniform(words.value[2 * pair + 1]), &sine, &cosine);
    const int64_t column = 4 * static_cast<int64_t>(block) + 2 * pair;
    if (column < request.columns) out[row * request.columns + column] = radius * cosine;
    if (column + 1 < request.columns) out[row * request.columns + column + 1] = radius * sine;
  }
}

}  // namespace

int fill_normal(const CudaNoiseRequest* request, double* out) {
  constexpr int64_t kThreads = 128;
  const int64_t blocks_per_row = (request->columns + 3) / 4;
  const int64_t total = request->rows * blocks_per_row;
  if (total == 0) return cudaSuccess;
  const auto grid = static_cast<unsigned>((total + kThreads - 1) / kThreads);
  normal_kernel<<<grid, kThreads, 0, c10::cuda::getCurrentCUDAStream()>>>(*request, blocks_per_row, out);
  return cudaGetLastError();
}

}  // namespace florigen::cuda
