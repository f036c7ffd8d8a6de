#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/named_tensor.h"
#include "core/precision.h"
#include "networks/family.h"

namespace florigen {

/// A generator in evaluation mode, whose weights come from a bundle tensor by tensor. Used by one thread at a
/// time.
class GeneratorRuntime {
 public:
  explicit GeneratorRuntime(const NetworkOptions& options);

  std::vector<TensorInfo> manifest() const { return manifest_of(state_); }
  void write_state(const std::string& name, const uint8_t* data, size_t bytes);
  /// RGB bytes [n, 64, 64, 3]; row i from sentence i of [n, d] and the sample noise of `seeds[i]`.
  std::vector<uint8_t> generate(const float* sentences, const std::vector<uint32_t>& seeds);

 private:
  NetworkOptions options_;
  NumericMode mode_;
  std::shared_ptr<Generator> generator_;
  std::vector<NamedTensor> state_;
};

}  // namespace florigen
