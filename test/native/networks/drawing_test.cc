#include "networks/drawing.h"

#include <gtest/gtest.h>

#include "core/random_tensors.h"

namespace florigen {
namespace {

constexpr int64_t kText = 16;
constexpr size_t kImageBytes = kImageSize * kImageSize * 3;

NetworkOptions tiny(const std::string& family) {
  return {.family = family,
          .text_size = kText,
          .noise_size = 6,
          .projected_text_size = 8,
          .generator_features = 4,
          .discriminator_features = 4,
          .machine = {.dtype = "float32", .device = "cpu", .precision = "ieee", .deterministic = true}};
}

torch::Tensor sentences(int64_t count) {
  return normal_rows({{1, Purpose::kPlan, 0, 0, 0}, count, kText}).to(torch::kFloat32).contiguous();
}

class Drawing : public ::testing::TestWithParam<const char*> {};

TEST_P(Drawing, APictureDoesNotDependOnItsNeighbors) {
  const auto generator = make_generator(tiny(GetParam()), 3);
  const torch::Tensor texts = sentences(11);
  std::vector<uint32_t> seeds(11);
  for (uint32_t i = 0; i < seeds.size(); ++i) seeds[i] = 100 + i;
  const auto together = draw_rgb(*generator, tiny(GetParam()), {texts.data_ptr<float>(), seeds});
  ASSERT_EQ(together.size(), 11 * kImageBytes);
  for (const size_t row : {0U, 7U, 8U, 10U}) {
    const float* text = texts.data_ptr<float>() + static_cast<int64_t>(row) * kText;
    const auto alone = draw_rgb(*generator, tiny(GetParam()), {text, {seeds[row]}});
    EXPECT_TRUE(
        std::equal(alone.begin(), alone.end(), together.begin() + static_cast<int64_t>(row * kImageBytes)));
  }
}

TEST_P(Drawing, LeavesTrainingModeAndStatisticsAsTheyWere) {
  const auto generator = make_generator(tiny(GetParam()), 3);
  generator->train();
  std::vector<torch::Tensor> before;
  for (const auto& buffer : generator->buffers()) before.push_back(buffer.clone());
  draw_rgb(*generator, tiny(GetParam()), {sentences(1).data_ptr<float>(), {1}});
  EXPECT_TRUE(generator->is_training());
  for (size_t i = 0; i < before.size(); ++i) EXPECT_TRUE(torch::equal(before[i], generator->buffers()[i]));
}

TEST_P(Drawing, NothingToDrawIsNoPicture) {
  const auto generator = make_generator(tiny(GetParam()), 3);
  EXPECT_TRUE(draw_rgb(*generator, tiny(GetParam()), {nullptr, {}}).empty());
}

INSTANTIATE_TEST_SUITE_P(Families, Drawing, ::testing::Values("reed2016", "dcgan", "modulated"));

TEST(Family, ParameterCountsAreThoseOfTheReference) {
  // reference/method.md sections 4 and 11.2, computed there from the tables of layers.
  const auto count = [](const torch::nn::Module& network) {
    int64_t total = 0;
    for (const auto& parameter : network.parameters()) total += parameter.numel();
    return total;
  };
  NetworkOptions options = tiny("reed2016");
  options.text_size = 1024;
  options.noise_size = 100;
  options.projected_text_size = 128;
  options.generator_features = 128;
  options.discriminator_features = 64;
  EXPECT_EQ(count(*make_generator(options, 0)), 18905472);
  EXPECT_EQ(count(*make_discriminator(options, 0)), 4030080);
  options.family = "dcgan";
  options.generator_features = 64;
  EXPECT_EQ(count(*make_generator(options, 0)), 4756736);
  EXPECT_EQ(count(*make_discriminator(options, 0)), 2899072);
}

}  // namespace
}  // namespace florigen
