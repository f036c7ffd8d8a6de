#pragma once

#include <torch/nn/module.h>
#include <torch/types.h>

#include <string>
#include <vector>

#include "core/tensor_info.h"

namespace florigen {

/// A tensor of the state under its public name (docs/formats.md).
struct NamedTensor {
  std::string name;
  torch::Tensor tensor;
};

/// Parameters and then buffers of a module in registration order, each name with `prefix` and a dot before
/// it; an empty prefix adds nothing.
std::vector<NamedTensor> named_tensors(const torch::nn::Module& module, const std::string& prefix);

std::vector<TensorInfo> manifest_of(const std::vector<NamedTensor>& tensors);

/// The tensor of that name, or an error that names it.
const torch::Tensor& find_tensor(const std::vector<NamedTensor>& tensors, const std::string& name);

/// The values as packed row-major little-endian bytes, from any device and memory format.
std::vector<uint8_t> tensor_bytes(const torch::Tensor& tensor);

/// Copies packed bytes into `tensor`, which keeps its device, strides and memory format.
void assign_bytes(const NamedTensor& target, const uint8_t* data, size_t bytes);

}  // namespace florigen
