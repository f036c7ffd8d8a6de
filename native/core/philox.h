#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace florigen {

/// What a random number is for. The numbers are part of every run and are never reused (docs/step.md, section
/// 7).
enum class Purpose : uint32_t {
  kInitialWeights = 1,
  kPlan = 2,
  kDiscriminatorNoise = 3,
  kGeneratorNoise = 4,
  kInterpolation = 5,
  kAugmentation = 6,
  kDropout = 7,
  kModeSeekingNoise = 8,
  kSampleNoise = 9,
  kWordDropout = 16,
};

/// Philox4x32-10 (Salmon et al. 2011): four random words of a counter and a key, without any state.
std::array<uint32_t, 4> philox4x32(const std::array<uint32_t, 4>& counter,
                                   const std::array<uint32_t, 2>& key);

/// The place of a stream of numbers: one row of one pass of one step, for one purpose.
struct StreamId {
  uint32_t seed;
  Purpose purpose;
  uint32_t step;
  uint32_t pass;
  uint32_t row;
};

/// The four words of elements `4 * block .. 4 * block + 3` of a stream.
std::array<uint32_t, 4> philox_block(const StreamId& id, uint32_t block);

/// A word as a number in (0, 1).
constexpr double to_uniform(uint32_t word) {
  return (static_cast<double>(word) + 0.5) * (1.0 / 4294967296.0);
}

/// FNV-1a, 32 bits: turns the name of a parameter into the pass word of its initial values.
uint32_t fnv1a(std::string_view text);

}  // namespace florigen
