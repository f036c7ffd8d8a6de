#pragma once

#include <torch/types.h>

namespace florigen::text {

/// Which words of a text training leaves out (docs/encoder-step.md, section 2).
struct WordDropout {
  double share;       ///< chance of each word, 0 for none
  int64_t separator;  ///< the token between words, which also stands for a word that is left out; 0: each
                      ///< token is a word
};

/// `tokens` [rows, length] without the words whose number is below the share; `numbers` [rows, length + 1],
/// U(0, 1).
torch::Tensor leave_out_words(const torch::Tensor& tokens, const torch::Tensor& numbers,
                              const WordDropout& words);

}  // namespace florigen::text
