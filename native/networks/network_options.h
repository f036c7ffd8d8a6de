#pragma once

#include <cstdint>
#include <string>

#include "core/machine_options.h"

namespace florigen {

/// The size and place of a pair of networks. Every field is given by TypeScript (ts/models/config.ts).
struct NetworkOptions {
  std::string family;              ///< a name of the table of families
  int64_t text_size;               ///< d: width of the sentence embedding
  int64_t noise_size;              ///< nz
  int64_t projected_text_size;     ///< nt
  int64_t generator_features;      ///< ngf
  int64_t discriminator_features;  ///< ndf
  MachineOptions machine;
};

/// The side of the images that every family of this version draws, in pixels.
inline constexpr int64_t kImageSize = 64;

}  // namespace florigen
