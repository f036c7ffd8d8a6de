#include "core/philox.h"

#include <gtest/gtest.h>

#include "core/random_tensors.h"
#include "support/number_lists.h"

namespace florigen {
namespace {

using Lists = std::map<std::string, std::vector<double>>;

// The vectors that jest reads too (test/unit/data/philox.test.ts).
const Lists& vectors() {
  static const Lists lists = testing::read_number_lists(FLORIGEN_TEST_DATA "/vectors/philox.json");
  return lists;
}

uint32_t word_of(double value) { return static_cast<uint32_t>(static_cast<int64_t>(value)); }

StreamId stream_of(size_t index) {
  const double* p = vectors().at("streams").data() + 5 * index;
  return {word_of(p[0]), static_cast<Purpose>(word_of(p[1])), word_of(p[2]), word_of(p[3]), word_of(p[4])};
}

size_t stream_count() { return vectors().at("streams").size() / 5; }

TEST(Philox, KnownAnswersOfRandom123) {
  const std::vector<double>& known = vectors().at("knownAnswers");
  ASSERT_EQ(known.size(), 30U);
  for (size_t at = 0; at < known.size(); at += 10) {
    const double* n = known.data() + at;
    const auto words = philox4x32({word_of(n[0]), word_of(n[1]), word_of(n[2]), word_of(n[3])},
                                  {word_of(n[4]), word_of(n[5])});
    for (size_t i = 0; i < 4; ++i) EXPECT_EQ(words[i], word_of(n[6 + i]));
  }
}

TEST(Philox, WordsOfStreamsAreThoseOfTypeScript) {
  const auto count = static_cast<size_t>(vectors().at("count")[0]);
  for (size_t index = 0; index < stream_count(); ++index) {
    for (size_t i = 0; i < count; ++i) {
      const auto block = philox_block(stream_of(index), static_cast<uint32_t>(i / 4));
      EXPECT_EQ(block[i % 4], word_of(vectors().at("words")[index * count + i]));
    }
  }
}

TEST(Philox, UniformsAndNormalsOfStreamsAreThoseOfTypeScript) {
  const auto count = static_cast<int64_t>(vectors().at("count")[0]);
  for (size_t index = 0; index < stream_count(); ++index) {
    const torch::Tensor uniform = uniform_vector(stream_of(index), count);
    const torch::Tensor normal = normal_vector(stream_of(index), count);
    for (int64_t i = 0; i < count; ++i) {
      EXPECT_EQ(uniform[i].item<double>(), vectors().at("uniforms")[index * count + i]);
      // The logarithms and cosines of two C libraries may differ in the last digits.
      EXPECT_NEAR(normal[i].item<double>(), vectors().at("normals")[index * count + i], 1e-12);
    }
  }
}

TEST(RandomTensors, RowsAreStreamsOfTheirOwn) {
  const StreamId id{5, Purpose::kGeneratorNoise, 3, 1, 2};
  const torch::Tensor rows = normal_rows({id, /*rows=*/3, /*columns=*/7});
  StreamId last = id;
  last.row += 2;
  EXPECT_TRUE(torch::equal(rows[2], normal_vector(last, 7)));
  EXPECT_FALSE(torch::equal(rows[0], rows[1]));
}

TEST(RandomTensors, SampleNoiseDependsOnTheSeedAlone) {
  const torch::Tensor both = sample_noise({11, 12}, 10);
  EXPECT_TRUE(torch::equal(both[1], sample_noise({12}, 10)[0]));
  EXPECT_FALSE(torch::equal(both[0], both[1]));
}

TEST(Fnv1a, ReferenceValues) {
  // From the FNV reference code's test vectors.
  EXPECT_EQ(fnv1a(""), 0x811c9dc5U);
  EXPECT_EQ(fnv1a("a"), 0xe40c292cU);
  EXPECT_EQ(fnv1a("foobar"), 0xbf9cf968U);
}

}  // namespace
}  // namespace florigen
