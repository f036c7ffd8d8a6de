#pragma once

#include <cstdint>
#include <string>

namespace florigen {

/// The size and place of a text network. Every field is given by TypeScript.
struct TextNetworkOptions {
  std::string architecture;  ///< a name of the table of architectures
  int64_t vocabulary_size;   ///< V: tokens are 1 .. V, and 0 for padding
  int64_t length;            ///< tokens of a text, padding included
  int64_t convolution_size;  ///< c: channels of the last convolution and width of the recurrence
  int64_t embedding_size;    ///< E
  double dropout;            ///< share of the state that training leaves out, 0 for none
  std::string dtype;         ///< float32 or float64
  std::string device;        ///< cpu or cuda
  std::string precision;     ///< ieee, tf32 or bf16
  bool deterministic;        ///< on CUDA: deterministic algorithms only
};

}  // namespace florigen
