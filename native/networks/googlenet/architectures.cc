#include "networks/googlenet/architectures.h"

#include <array>

#include "core/error.h"

namespace florigen::googlenet {
namespace {

/// The table of architectures: a row here and its name in ts/native/addon.ts.
const std::array<Architecture, 2>& architectures() {
  static const std::array<Architecture, 2> rows = {{
      {.name = "googlenet",
       .stem = {.kernel = 7, .width = 64, .output = 192, .second_pool = true},
       .stage3 = {{"inception3a", {64, 96, 128, 16, 32, 32}}, {"inception3b", {128, 128, 192, 32, 96, 64}}},
       .stage4 = {{"inception4a", {192, 96, 208, 16, 48, 64}},
                  {"inception4b", {160, 112, 224, 24, 64, 64}},
                  {"inception4c", {128, 128, 256, 24, 64, 64}},
                  {"inception4d", {112, 144, 288, 32, 64, 64}},
                  {"inception4e", {256, 160, 320, 32, 128, 128}}},
       .stage5 = {{"inception5a", {256, 160, 320, 32, 128, 128}},
                  {"inception5b", {384, 192, 384, 48, 128, 128}}}},
      {.name = "googlenet-small",
       .stem = {.kernel = 3, .width = 32, .output = 64, .second_pool = false},
       .stage3 = {{"inception3a", {32, 48, 64, 16, 16, 16}}},
       .stage4 = {{"inception4a", {96, 64, 112, 16, 32, 16}}, {"inception4e", {128, 96, 160, 16, 64, 64}}},
       .stage5 = {{"inception5b", {384, 192, 384, 48, 128, 128}}}},
  }};
  return rows;
}

}  // namespace

const Architecture& find_architecture(const std::string& name) {
  for (const Architecture& row : architectures()) {
    if (name == row.name) return row;
  }
  throw_must_be(ErrorCode::kUsage, "architecture", "'googlenet' or 'googlenet-small'", "'" + name + "'");
}

}  // namespace florigen::googlenet
