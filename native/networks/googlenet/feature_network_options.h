#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace florigen {

/// The size and place of a feature network. Every field is given by TypeScript.
struct FeatureNetworkOptions {
  std::string architecture;    ///< a name of the table of architectures
  int64_t input_size;          ///< side of the images that it sees, in pixels
  std::vector<int64_t> heads;  ///< classes of each linear head on the features; may be empty
  std::string dtype;           ///< float32 or float64
  std::string device;          ///< cpu or cuda
  std::string precision;       ///< ieee, tf32 or bf16
  bool deterministic;          ///< on CUDA: deterministic algorithms only
};

}  // namespace florigen
