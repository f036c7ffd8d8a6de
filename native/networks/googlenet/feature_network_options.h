#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/machine_options.h"

namespace florigen {

/// The size and place of a feature network. Every field is given by TypeScript.
struct FeatureNetworkOptions {
  std::string architecture;    ///< a name of the table of architectures
  int64_t input_size;          ///< side of the images that it sees, in pixels
  std::vector<int64_t> heads;  ///< classes of each linear head on the features; may be empty
  MachineOptions machine;
};

}  // namespace florigen
