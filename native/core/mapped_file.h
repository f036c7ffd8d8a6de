#pragma once

#include <torch/types.h>

#include "core/tensor_ref.h"

namespace florigen {

/// A read-only tensor over the bytes of a file, which the kernel pages in as they are read. The mapping lives
/// as long as the tensor. An offset that does not suit the dtype is copied instead.
torch::Tensor map_tensor(const TensorRef& ref);

}  // namespace florigen
