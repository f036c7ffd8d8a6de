#include "binding/tensor_access.h"

#include <algorithm>

namespace florigen::binding {

std::string read_tensor_name(Napi::Value value, const std::vector<TensorInfo>& manifest) {
  constexpr const char* kExpectation = "the name of a tensor of the manifest";
  if (!value.IsString()) refuse_value("name", kExpectation, value);
  std::string name = value.As<Napi::String>();
  const bool known = std::any_of(manifest.begin(), manifest.end(),
                                 [&name](const TensorInfo& tensor) { return tensor.name == name; });
  if (!known) refuse_value("name", kExpectation, value);
  return name;
}

}  // namespace florigen::binding
