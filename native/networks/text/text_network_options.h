#pragma once

#include <cstdint>
#include <string>

#include "core/machine_options.h"

namespace florigen {

/// The size and place of a text network. Every field is given by TypeScript.
struct TextNetworkOptions {
  std::string architecture;  ///< a name of the table of architectures
  int64_t vocabulary_size;   ///< V: tokens are 1 .. V, and 0 for padding
  int64_t length;            ///< tokens of a text, padding included
  int64_t convolution_size;  ///< c: channels of the last convolution and width of the recurrence
  int64_t embedding_size;    ///< E
  double dropout;            ///< share of the state that training leaves out, 0 for none
  MachineOptions machine;
};

}  // namespace florigen
