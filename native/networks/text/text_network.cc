#include "networks/text/text_network.h"

#include <algorithm>
#include <array>
#include <string>

#include "core/error.h"
#include "core/numeric_options.h"
#include "networks/initialization.h"
#include "networks/placement.h"

namespace florigen::text {
namespace {

void check_size(const char* name, int64_t value, int64_t largest) {
  if (value >= 1 && value <= largest) return;
  throw_must_be(ErrorCode::kUsage, name, "from 1 to " + std::to_string(largest), std::to_string(value));
}

void check_sizes(const Architecture& architecture, const TextNetworkOptions& options) {
  check_size("vocabularySize", options.vocabulary_size, 1 << 20);
  check_size("length", options.length, 1 << 14);
  check_size("convolutionSize", options.convolution_size, 1 << 14);
  check_size("embeddingSize", options.embedding_size, 1 << 16);
  if (options.dropout < 0 || options.dropout >= 1) {
    throw_must_be(ErrorCode::kUsage, "dropout", "at least 0 and less than 1",
                  std::to_string(options.dropout));
  }
  if (steps_of(architecture, options.length) < 1) {
    throw_must_be(ErrorCode::kUsage, "length",
                  std::string("long enough for the convolutions of ") + architecture.name,
                  std::to_string(options.length));
  }
}

/// Columns up to the last one in which any caption has a token; of a device all, for to ask it is to wait for
/// it.
int64_t told_columns(const torch::Tensor& tokens) {
  if (!tokens.device().is_cpu() || tokens.numel() == 0) return tokens.size(1);
  const torch::Tensor told = tokens.ne(0).any(0).nonzero();
  return told.size(0) == 0 ? 0 : told[-1][0].item<int64_t>() + 1;
}

}  // namespace

TextNetwork::TextNetwork(const Architecture& architecture, const TextNetworkOptions& options)
    : vocabulary_size_(options.vocabulary_size),
      state_size_(architecture.stages.empty() ? options.vocabulary_size : options.convolution_size) {
  std::vector<int64_t> widths = architecture.widths;
  widths.push_back(options.convolution_size);
  int64_t width = options.vocabulary_size;
  for (size_t i = 0; i < architecture.stages.size(); ++i) {
    convolutions_.push_back(register_module("conv" + std::to_string(i + 1),
                                            TemporalConvolution(width, widths[i], architecture.stages[i])));
    width = widths[i];
  }
  if (!architecture.stages.empty()) {
    recurrence_ = register_module("rnn", make_recurrent_layer(architecture.recurrence, width));
  }
  projection_ = register_module("emb_proj", Linear(state_size_, options.embedding_size));
}

torch::Tensor TextNetwork::one_hot(const torch::Tensor& tokens) const {
  const torch::Tensor channels = torch::zeros({tokens.size(0), tokens.size(1), vocabulary_size_ + 1},
                                              projection_->weight.options().requires_grad(false))
                                     .scatter_(2, tokens.unsqueeze(2), 1.0);
  return channels.narrow(2, 1, vocabulary_size_);  // 0 is no channel
}

torch::Tensor TextNetwork::states(const torch::Tensor& tokens) {
  // In evaluation the bits of a caption must not depend on how long others are.
  return states(tokens, is_training() ? told_columns(tokens) : tokens.size(1));
}

torch::Tensor TextNetwork::states(const torch::Tensor& tokens, int64_t told) {
  const int64_t length = tokens.size(1);
  const torch::Tensor channels = one_hot(tokens.narrow(1, 0, std::min(length, told + 1)));
  if (!recurrence_) return channels.sum(1);
  Columns columns{channels.contiguous().unsqueeze(1).permute({0, 3, 1, 2}), length};  // channels last
  for (TemporalConvolution& convolution : convolutions_) columns = convolution(columns);
  return recurrence_->mean_state(whole(columns).squeeze(2).transpose(1, 2));
}

torch::Tensor TextNetwork::embeddings(const torch::Tensor& states) {
  return projection_(states).to(projection_->weight.scalar_type());
}

std::shared_ptr<TextNetwork> make_text_network(const TextNetworkOptions& options, double initial_range,
                                               uint32_t seed) {
  const Architecture& architecture = find_architecture(options.architecture);
  check_sizes(architecture, options);
  auto network = std::make_shared<TextNetwork>(architecture, options);
  place(*network, parse_device(options.machine.device), parse_dtype(options.machine.dtype));
  initialize_uniform(*network, initial_range, seed);
  return network;
}

void check_tokens(const torch::Tensor& tokens, int64_t vocabulary_size) {
  if (tokens.numel() == 0) return;
  const auto [least, largest] = at::aminmax(tokens);
  const int64_t low = least.item<int64_t>();
  const int64_t high = largest.item<int64_t>();
  if (low >= 0 && high <= vocabulary_size) return;
  throw_must_be(ErrorCode::kUsage, "tokens", "from 0 to " + std::to_string(vocabulary_size),
                std::to_string(low < 0 ? low : high));
}

}  // namespace florigen::text
