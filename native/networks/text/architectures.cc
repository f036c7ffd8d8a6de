#include "networks/text/architectures.h"

#include <array>

#include "core/error.h"

namespace florigen::text {
namespace {

constexpr Stage unpooled(int64_t kernel) { return {kernel, 0, 0}; }

/// The table of architectures: a row here and its row in ts/models/text-architectures.ts.
const std::array<Architecture, 4>& architectures() {
  static const std::array<Architecture, 4> rows = {{
      {"char-cnn-rnn", {{4, 3, 3}, {4, 3, 3}, {4, 3, 2}}, {384, 512}, Recurrence::kRectified},
      {"char-cnn-gru", {{4, 3, 3}, {4, 3, 3}, unpooled(4)}, {384, 512}, Recurrence::kGated},
      {"word-cnn-rnn", {unpooled(3), {2, 3, 3}, unpooled(2)}, {512, 512}, Recurrence::kRectified},
      {"bag-of-words", {}, {}, Recurrence::kRectified},
  }};
  return rows;
}

}  // namespace

const Architecture& find_architecture(const std::string& name) {
  for (const Architecture& row : architectures()) {
    if (name == row.name) return row;
  }
  throw_must_be(ErrorCode::kUsage, "architecture",
                "'char-cnn-rnn', 'char-cnn-gru', 'word-cnn-rnn' or 'bag-of-words'", "'" + name + "'");
}

int64_t steps_of(const Architecture& architecture, int64_t length) {
  for (const Stage& stage : architecture.stages) length = stage.steps_of(length);
  return length;
}

}  // namespace florigen::text
