#pragma once

#include <memory>
#include <vector>

#include "networks/text/recurrence.h"
#include "networks/text/temporal_convolution.h"
#include "networks/text/text_network_options.h"

namespace florigen::text {

/// Tokens to embeddings (Reed et al. 2016, arXiv 1605.05395; tensor names are those of the published PyTorch
/// port). Of `char-cnn-rnn` at 201 characters:
///
///     tokens 201 ─ one-hot ──────── 70 x 201
///       ─ conv1 4, threshold ───── 384 x 198 ─ max pool 3/3 ─ 384 x 66
///       ─ conv2 4, threshold ───── 512 x 63 ── max pool 3/3 ─ 512 x 21
///       ─ conv3 4, threshold ─────── c x 18 ── max pool 3/2 ──  c x 8
///       ─ 8 rectified steps, mean ── c
///       ─ emb_proj ──────────────── E
///
/// `char-cnn-gru` has no third pool and 18 gated steps; `word-cnn-rnn` has kernels 3, 2, 2 and one pool
/// behind the second; `bag-of-words` projects counts.
class TextNetwork : public torch::nn::Module {
 public:
  TextNetwork(const Architecture& architecture, const TextNetworkOptions& options);

  /// What is projected: [n, state_size()] of `tokens` [n, length], int64, of which those from column `told`
  /// on are 0 and are not read. The bits of a row depend on `told`.
  torch::Tensor states(const torch::Tensor& tokens, int64_t told);
  /// The same without that knowledge: what no caption tells is not read in training on the CPU.
  torch::Tensor states(const torch::Tensor& tokens);
  /// [n, embedding size] in the dtype of the weights.
  torch::Tensor embeddings(const torch::Tensor& states);
  int64_t state_size() const { return state_size_; }

 private:
  torch::Tensor one_hot(const torch::Tensor& tokens) const;

  int64_t vocabulary_size_;
  int64_t state_size_;
  std::vector<TemporalConvolution> convolutions_;
  std::shared_ptr<RecurrentLayer> recurrence_;  ///< null where counts are the state
  Linear projection_{nullptr};
};

/// A network in its dtype, on its device, every parameter U(-r, r) of `seed`. Throws kUsage for sizes that
/// are none.
std::shared_ptr<TextNetwork> make_text_network(const TextNetworkOptions& options, double initial_range,
                                               uint32_t seed);

/// Throws kUsage unless every token is one of the vocabulary or 0.
void check_tokens(const torch::Tensor& tokens, int64_t vocabulary_size);

}  // namespace florigen::text
