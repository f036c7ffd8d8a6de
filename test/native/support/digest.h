#pragma once

#include <torch/types.h>

namespace florigen::testing {

/// The digest of test/parity/oracle/digest.py: float64 [5 + elements], four signed sums over fixed
/// pseudo-random signs, the sum of squares, and elements at fixed pseudo-random places (row-major, whatever
/// the memory format).
torch::Tensor digest(const torch::Tensor& tensor, int64_t elements);

}  // namespace florigen::testing
