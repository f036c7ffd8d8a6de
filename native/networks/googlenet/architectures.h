#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace florigen::googlenet {

/// Channels of the four branches of an inception block.
struct InceptionShape {
  int64_t one;             ///< 1x1
  int64_t reduce3, three;  ///< 1x1, 3x3
  int64_t reduce5, five;   ///< 1x1, 3x3 where the paper has 5x5
  int64_t pool;            ///< max pool, 1x1
  int64_t output() const { return one + three + five + pool; }
};

struct InceptionRow {
  const char* name;  ///< of the block's tensors, such as inception3a
  InceptionShape shape;
};

/// conv1, conv2 and conv3 with the pools between and after them.
struct StemShape {
  int64_t kernel;  ///< of conv1, whose stride is 2
  int64_t width;   ///< of conv1 and conv2
  int64_t output;  ///< of conv3
  bool second_pool;
};

/// One row of the table of architectures (docs/features-step.md, section 2).
struct Architecture {
  const char* name;
  StemShape stem;
  std::vector<InceptionRow> stage3, stage4, stage5;  ///< max pools 3/2 and 2/2 between them
};

/// The width of the features of every architecture.
inline constexpr int64_t kFeatureSize = 1024;

/// The row of that name; throws with the list of names otherwise.
const Architecture& find_architecture(const std::string& name);

}  // namespace florigen::googlenet
