#include "core/named_tensor.h"

#include <cstring>

#include "core/error.h"
#include "core/numeric_options.h"

namespace florigen {

std::vector<NamedTensor> named_tensors(const torch::nn::Module& module, const std::string& prefix) {
  const std::string start = prefix.empty() ? prefix : prefix + ".";
  std::vector<NamedTensor> tensors;
  for (const auto& item : module.named_parameters()) tensors.push_back({start + item.key(), item.value()});
  for (const auto& item : module.named_buffers()) tensors.push_back({start + item.key(), item.value()});
  return tensors;
}

std::vector<TensorInfo> manifest_of(const std::vector<NamedTensor>& tensors) {
  std::vector<TensorInfo> manifest;
  manifest.reserve(tensors.size());
  for (const auto& [name, tensor] : tensors) {
    manifest.push_back({name, dtype_name(tensor.scalar_type()), tensor.sizes().vec()});
  }
  return manifest;
}

const torch::Tensor& find_tensor(const std::vector<NamedTensor>& tensors, const std::string& name) {
  for (const auto& item : tensors) {
    if (item.name == name) return item.tensor;
  }
  throw Error(ErrorCode::kUsage, "the state has no tensor `" + name + "`");
}

std::vector<uint8_t> tensor_bytes(const torch::Tensor& tensor) {
  const torch::Tensor packed = tensor.detach().to(torch::kCPU).contiguous();
  std::vector<uint8_t> bytes(packed.nbytes());
  if (!bytes.empty()) std::memcpy(bytes.data(), packed.const_data_ptr(), bytes.size());
  return bytes;
}

void assign_bytes(const NamedTensor& target, const uint8_t* data, size_t bytes) {
  if (bytes != target.tensor.nbytes()) {
    throw_must_be(ErrorCode::kUsage, target.name, std::to_string(target.tensor.nbytes()) + " bytes long",
                  std::to_string(bytes));
  }
  const torch::NoGradGuard no_grad;
  torch::Tensor packed = torch::empty(target.tensor.sizes(), target.tensor.options().device(torch::kCPU));
  if (bytes > 0) std::memcpy(packed.mutable_data_ptr(), data, bytes);
  target.tensor.copy_(packed);
}

}  // namespace florigen
