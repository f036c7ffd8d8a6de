#include "networks/text/word_dropout.h"

namespace florigen::text {
namespace {

/// The place of each token's word: how many separators came so far, or where each token is a word its own
/// place.
torch::Tensor words_of(const torch::Tensor& tokens, int64_t separator) {
  if (separator != 0) return tokens.eq(separator).to(torch::kInt64).cumsum(1);
  return torch::arange(tokens.size(1), tokens.options().dtype(torch::kInt64)).expand(tokens.sizes());
}

}  // namespace

torch::Tensor leave_out_words(const torch::Tensor& tokens, const torch::Tensor& numbers,
                              const WordDropout& words) {
  const torch::Tensor kept = numbers.gather(1, words_of(tokens, words.separator)).ge(words.share);
  return at::where(kept.logical_or(tokens.eq(0)), tokens, at::full_like(tokens, words.separator));
}

}  // namespace florigen::text
