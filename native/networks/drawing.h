#pragma once

#include <cstdint>
#include <vector>

#include "networks/family.h"

namespace florigen {

/// What to draw: row i of `sentences` [n, d] with the sample noise of `seeds[i]`.
struct DrawRequest {
  const float* sentences;
  std::vector<uint32_t> seeds;
};

/// RGB bytes [n, 64, 64, 3], in evaluation mode. Rows go through the generator in batches of one fixed size,
/// the last one padded, so that a picture is the same bytes whoever its neighbors are.
std::vector<uint8_t> draw_rgb(Generator& generator, const NetworkOptions& options,
                              const DrawRequest& request);

}  // namespace florigen
