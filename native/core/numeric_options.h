#pragma once

#include <torch/types.h>

#include <string>

namespace florigen {

/// "float32" or "float64".
torch::Dtype parse_dtype(const std::string& name);
/// "cpu" or "cuda"; refuses "cuda" where LibTorch sees no device.
torch::Device parse_device(const std::string& name);
/// safetensors' spelling of a dtype: F32, F64, I64, I32, U8.
std::string dtype_name(torch::Dtype dtype);
/// The dtype of a safetensors spelling.
torch::Dtype parse_dtype_name(const std::string& name);

}  // namespace florigen
