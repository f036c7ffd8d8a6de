#include "inference/text_network_runtime.h"

#include <algorithm>

#include "core/error.h"

namespace florigen {
namespace {

// Batches are filled up to this size: the bits of a row must not depend on how many are asked for.
constexpr int64_t kTextBatch = 16;

}  // namespace

TextNetworkRuntime::TextNetworkRuntime(const TextNetworkOptions& options)
    : options_(options),
      mode_(parse_numeric_mode(options.machine)),
      network_(text::make_text_network(options, /*initial_range=*/0, /*seed=*/0)),
      state_(named_tensors(*network_, "")) {
  network_->eval();
}

void TextNetworkRuntime::write_state(const std::string& name, const uint8_t* data, size_t bytes) {
  assign_bytes({name, find_tensor(state_, name)}, data, bytes);
}

std::vector<float> TextNetworkRuntime::encode(const std::vector<int32_t>& tokens) {
  const torch::NoGradGuard no_grad;
  const int64_t rows = static_cast<int64_t>(tokens.size()) / options_.length;
  const torch::Tensor all =
      torch::from_blob(const_cast<int32_t*>(tokens.data()), {rows, options_.length}, torch::kInt32);
  text::check_tokens(all, options_.vocabulary_size);
  std::vector<float> result(static_cast<size_t>(rows * options_.embedding_size));
  for (int64_t first = 0; first < rows; first += kTextBatch) {
    const NumericModeScope mode(mode_);
    const int64_t count = std::min(kTextBatch, rows - first);
    torch::Tensor batch = torch::zeros({kTextBatch, options_.length}, torch::kInt64);
    batch.narrow(0, 0, count).copy_(all.narrow(0, first, count));
    const torch::Tensor found = network_->embeddings(network_->states(batch.to(mode_.device)));
    const torch::Tensor packed = found.narrow(0, 0, count).to(torch::kCPU, torch::kFloat32).contiguous();
    std::copy_n(packed.const_data_ptr<float>(), packed.numel(),
                result.data() + first * options_.embedding_size);
  }
  return result;
}

}  // namespace florigen
