#include "core/cuda_table.h"

#include <atomic>

namespace florigen {
namespace {

std::atomic<const CudaTable*> table{nullptr};

}  // namespace

const CudaTable* cuda_table() { return table.load(); }

}  // namespace florigen

/// Called by the loader between opening the two libraries and the first question to this one.
extern "C" __attribute__((visibility("default"))) void florigen_use_cuda_table(const void* functions) {
  const auto* given = static_cast<const florigen::CudaTable*>(functions);
  if (given->version == florigen::kCudaTableVersion) florigen::table.store(given);
}
