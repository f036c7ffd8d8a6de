#pragma once

#include <torch/types.h>

#include <memory>
#include <string>
#include <vector>

#include "core/named_tensor.h"
#include "core/precision.h"
#include "networks/text/text_network.h"

namespace florigen {

/// A text network in evaluation mode, whose weights are written tensor by tensor. Used by one thread at a
/// time.
class TextNetworkRuntime {
 public:
  explicit TextNetworkRuntime(const TextNetworkOptions& options);

  std::vector<TensorInfo> manifest() const { return manifest_of(state_); }
  void write_state(const std::string& name, const uint8_t* data, size_t bytes);
  /// Row-major embeddings [n, embedding size] of `tokens` [n, length]; a row does not depend on its
  /// neighbors.
  std::vector<float> encode(const std::vector<int32_t>& tokens);

 private:
  /// Embeds some rows of `tokens`, which tell nothing from column `columns` on, into theirs of `result`.
  void encode_rows(const torch::Tensor& tokens, int64_t columns, at::IntArrayRef rows,
                   std::vector<float>& result);

  TextNetworkOptions options_;
  NumericMode mode_;
  std::shared_ptr<text::TextNetwork> network_;
  std::vector<NamedTensor> state_;
};

}  // namespace florigen
