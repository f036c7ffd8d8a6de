#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace florigen::text {

/// A temporal convolution with its threshold, and the max pool behind it.
struct Stage {
  int64_t kernel;
  int64_t pool;         ///< columns of a window; 0 for no pool
  int64_t pool_stride;  ///< columns between windows

  /// Columns before the stage from the beginning of one column behind it to that of the next.
  int64_t stride() const { return pool == 0 ? 1 : pool_stride; }
  /// Columns before the stage that one column behind it sees.
  int64_t window() const { return pool == 0 ? kernel : kernel + pool - 1; }
  /// Columns behind the stage of `length` before it; 0 where a window finds no place.
  int64_t steps_of(int64_t length) const {
    return length < window() ? 0 : (length - window()) / stride() + 1;
  }
};

/// What turns the columns behind the convolutions into one state.
enum class Recurrence { kRectified, kGated };

/// One row of the table of architectures (docs/encoder-step.md, section 2).
struct Architecture {
  const char* name;
  std::vector<Stage> stages;    ///< empty: counts of the tokens are the state
  std::vector<int64_t> widths;  ///< of every convolution but the last, whose width is an option
  Recurrence recurrence;
};

/// The row of that name; throws with the list of names otherwise.
const Architecture& find_architecture(const std::string& name);

/// Columns that are left of `length` tokens behind all stages; 0 where a window finds no place.
int64_t steps_of(const Architecture& architecture, int64_t length);

}  // namespace florigen::text
