#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace florigen {

/// One entry of a manifest; `dtype` as safetensors spells it (F32, F64, I64).
struct TensorInfo {
  std::string name;
  std::string dtype;
  std::vector<int64_t> shape;
};

}  // namespace florigen
