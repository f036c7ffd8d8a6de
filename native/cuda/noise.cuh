#pragma once

#include "core/cuda_table.h"

namespace florigen::cuda {

/// Noise made where it is used: the same words as the CPU's, so that only the last bits of log and cos
/// differ.
int fill_normal(const CudaNoiseRequest* request, double* out);

}  // namespace florigen::cuda
