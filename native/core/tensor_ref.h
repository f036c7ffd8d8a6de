#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace florigen {

/// Where the bytes of one tensor lie in a file: little-endian, packed, row-major.
struct TensorRef {
  std::string path;
  int64_t offset;     ///< bytes from the start of the file
  int64_t bytes;      ///< length in bytes
  std::string dtype;  ///< U8, I32, F32 or F64, as safetensors spells them
  std::vector<int64_t> shape;
};

}  // namespace florigen
