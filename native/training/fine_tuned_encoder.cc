#include "training/fine_tuned_encoder.h"

#include <string>

#include "core/error.h"
#include "core/numeric_options.h"
#include "data/caption_means.h"
#include "data/column_rows.h"

namespace florigen {
namespace {

constexpr const char* kEncoderName = "textEncoder";

void check_place(const TextNetworkOptions& network, const NetworkOptions& gan) {
  require_equal("fineTuning.network.dtype", gan.machine.dtype, network.machine.dtype);
  require_equal("fineTuning.network.device", gan.machine.device, network.machine.device);
  require_equal("fineTuning.network.dropout", std::to_string(0.0), std::to_string(network.dropout));
}

/// The captions of a column for a range of rows: [lists, captions of a list], on the CPU, -1 where absent.
torch::Tensor caption_lists(const Plan& plan, const char* column, const RowRange& rows) {
  return column_rows(plan, column, rows, torch::kCPU).view({-1, plan.captions_per_image});
}

/// Captions once each, ascending, and for each of many its place among them, -1 where it is absent.
struct DistinctCaptions {
  explicit DistinctCaptions(const torch::Tensor& captions) {
    const auto [sorted, inverse, counts] = at::_unique2(captions, /*sorted=*/true, /*return_inverse=*/true);
    const int64_t absent = sorted[0].item<int64_t>() < 0 ? 1 : 0;
    numbers = sorted.narrow(0, absent, sorted.size(0) - absent);
    places = inverse - absent;
  }
  torch::Tensor numbers;
  torch::Tensor places;
};

}  // namespace

FineTunedEncoder::FineTunedEncoder(const FineTuningOptions& options, const NetworkOptions& gan,
                                   const AdamOptions& adam)
    : embedding_size_((check_place(options.network, gan), options.network.embedding_size)),
      device_(parse_device(gan.machine.device)),
      dtype_(parse_dtype(gan.machine.dtype)),
      network_(text::make_text_network(options.network, /*initial_range=*/0, /*seed=*/0)),
      adam_(*network_, adam),
      source_({options.tokens, /*features=*/std::nullopt, dtype_, device_}) {
  require_equal("fineTuning.network.length", std::to_string(source_.length()),
                std::to_string(options.network.length));
  text::check_tokens(source_.all_tokens(), options.network.vocabulary_size);
}

SentencePair FineTunedEncoder::sentences(const Plan& plan, const RowRange& rows, bool with_mismatching) {
  std::vector<torch::Tensor> lists{caption_lists(plan, "captions", rows)};
  if (with_mismatching) lists.push_back(caption_lists(plan, "mismatchedCaptions", rows));
  const DistinctCaptions distinct(at::cat(lists));
  const torch::Tensor embeddings =
      network_->embeddings(network_->states(source_.tokens_of(distinct.numbers)));
  const torch::Tensor means = caption_means(embeddings, distinct.places.to(device_), dtype_);
  if (!with_mismatching) return {means, {}};
  return {means.narrow(0, 0, rows.count), means.narrow(0, rows.count, means.size(0) - rows.count)};
}

void FineTunedEncoder::step(const std::vector<torch::Tensor>& gradients, double learning_rate) {
  adam_.step(gradients, learning_rate);
}

std::vector<NamedTensor> FineTunedEncoder::state() const {
  std::vector<NamedTensor> tensors = named_tensors(*network_, kEncoderName);
  for (NamedTensor& tensor : adam_.state_of(kEncoderName)) tensors.push_back(std::move(tensor));
  return tensors;
}

}  // namespace florigen
