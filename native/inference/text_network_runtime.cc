#include "inference/text_network_runtime.h"

#include <algorithm>
#include <map>

#include "core/error.h"

namespace florigen {
namespace {

// Batches are filled up to this size: the bits of a row must not depend on how many are asked for.
constexpr int64_t kTextBatch = 16;
// Nor on how long others are: those whose length is the same multiple of this, rounded up, go together.
constexpr int64_t kColumnsOfAKind = 24;

/// Rows of `tokens` [n, length] by the columns that have to be read of them.
std::map<int64_t, std::vector<int64_t>> rows_by_columns(const std::vector<int32_t>& tokens, int64_t length) {
  std::map<int64_t, std::vector<int64_t>> result;
  for (int64_t row = 0; row * length < static_cast<int64_t>(tokens.size()); ++row) {
    const int32_t* first = tokens.data() + row * length;
    int64_t told = length;
    while (told > 0 && first[told - 1] == 0) --told;
    const int64_t columns = (told + kColumnsOfAKind - 1) / kColumnsOfAKind * kColumnsOfAKind;
    result[std::min(columns, length)].push_back(row);
  }
  return result;
}

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
  const int64_t length = options_.length;
  const int64_t count = static_cast<int64_t>(tokens.size()) / length;
  const torch::Tensor all =
      torch::from_blob(const_cast<int32_t*>(tokens.data()), {count, length}, torch::kInt32);
  text::check_tokens(all, options_.vocabulary_size);
  std::vector<float> result(static_cast<size_t>(count * options_.embedding_size));
  for (const auto& [columns, rows] : rows_by_columns(tokens, length)) {
    for (size_t first = 0; first < rows.size(); first += kTextBatch) {
      const size_t last = std::min(rows.size(), first + kTextBatch);
      encode_rows(all, columns, {rows.data() + first, last - first}, result);
    }
  }
  return result;
}

void TextNetworkRuntime::encode_rows(const torch::Tensor& tokens, int64_t columns, at::IntArrayRef rows,
                                     std::vector<float>& result) {
  const NumericModeScope mode(mode_);
  torch::Tensor batch = torch::zeros({kTextBatch, options_.length}, torch::kInt64);
  for (size_t i = 0; i < rows.size(); ++i) batch[static_cast<int64_t>(i)].copy_(tokens[rows[i]]);
  const torch::Tensor found = network_->embeddings(network_->states(batch.to(mode_.device), columns));
  const torch::Tensor packed = found.to(torch::kCPU, torch::kFloat32).contiguous();
  const int64_t width = options_.embedding_size;
  for (size_t i = 0; i < rows.size(); ++i) {
    std::copy_n(packed.const_data_ptr<float>() + static_cast<int64_t>(i) * width, width,
                result.data() + rows[i] * width);
  }
}

}  // namespace florigen
