#include "core/numeric_options.h"

#include <torch/cuda.h>

#include <array>
#include <utility>

#include "core/error.h"

namespace florigen {
namespace {

const std::array<std::pair<const char*, torch::Dtype>, 5> kNames = {{
    {"F32", torch::kFloat32},
    {"F64", torch::kFloat64},
    {"I64", torch::kInt64},
    {"I32", torch::kInt32},
    {"U8", torch::kUInt8},
}};

}  // namespace

torch::Dtype parse_dtype(const std::string& name) {
  if (name == "float32") return torch::kFloat32;
  if (name == "float64") return torch::kFloat64;
  throw_must_be(ErrorCode::kUsage, "dtype", "'float32' or 'float64'", "'" + name + "'");
}

torch::Device parse_device(const std::string& name) {
  if (name == "cpu") return torch::Device(torch::kCPU);
  if (name != "cuda") throw_must_be(ErrorCode::kUsage, "device", "'cpu' or 'cuda'", "'" + name + "'");
  if (!torch::cuda::is_available()) {
    throw Error(ErrorCode::kLibrary, "`device` is 'cuda', but LibTorch sees no CUDA device");
  }
  return torch::Device(torch::kCUDA, 0);
}

std::string dtype_name(torch::Dtype dtype) {
  for (const auto& [name, value] : kNames) {
    if (value == dtype) return name;
  }
  throw Error(ErrorCode::kNative, std::string("no safetensors name for the dtype ") + c10::toString(dtype));
}

torch::Dtype parse_dtype_name(const std::string& name) {
  for (const auto& [known, value] : kNames) {
    if (name == known) return value;
  }
  throw_must_be(ErrorCode::kUsage, "dtype", "F32, F64, I64, I32 or U8", "'" + name + "'");
}

}  // namespace florigen
