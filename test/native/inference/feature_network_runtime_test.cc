#include "inference/feature_network_runtime.h"

#include <gtest/gtest.h>

#include "core/error.h"
#include "support/parity.h"

namespace florigen {
namespace {

constexpr int64_t kImages = 3, kSide = 40, kCrop = 36;

FeatureNetworkOptions options(std::vector<int64_t> heads = {2, 3}) {
  return {"googlenet-small", 32, std::move(heads), {"float32", testing::test_device(), "ieee", true}};
}

const std::vector<uint8_t>& images() {
  static const std::vector<uint8_t> bytes = [] {
    std::vector<uint8_t> made(kImages * kSide * kSide * 3);
    for (size_t i = 0; i < made.size(); ++i) made[i] = static_cast<uint8_t>((i * 2654435761U) >> 24);
    return made;
  }();
  return bytes;
}

ViewRequest request(std::vector<int32_t> views) {
  return {images().data(), kImages, kSide, kCrop, std::move(views)};
}

/// Row `i` of a fixed list of views.
std::vector<int32_t> view(int32_t i) { return {i % 3, i % 5, (i * 2) % 5, i % 2}; }

std::vector<float> row_of(const std::vector<float>& values, size_t row, size_t width) {
  return {values.begin() + static_cast<int64_t>(row * width),
          values.begin() + static_cast<int64_t>((row + 1) * width)};
}

std::string refusal_of(const ViewRequest& request) {
  try {
    check_view_request(request);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kUsage);
    return error.what();
  }
  return "accepted";
}

TEST(FeatureNetworkRuntime, AViewDoesNotDependOnItsNeighbors) {
  FeatureNetworkRuntime runtime(options());
  std::vector<int32_t> all;
  for (int32_t i = 0; i < 70; ++i) {
    const std::vector<int32_t> one = view(i);
    all.insert(all.end(), one.begin(), one.end());
  }
  const ViewFeatures together = runtime.extract(request(all));
  ASSERT_EQ(together.features.size(), 70U * 1024U);
  ASSERT_EQ(together.logits.size(), 70U * 5U);
  for (const int32_t i : {0, 31, 32, 69}) {
    const ViewFeatures alone = runtime.extract(request(view(i)));
    EXPECT_EQ(alone.features, row_of(together.features, static_cast<size_t>(i), 1024)) << i;
    EXPECT_EQ(alone.logits, row_of(together.logits, static_cast<size_t>(i), 5)) << i;
  }
  EXPECT_NE(row_of(together.features, 0, 1024), row_of(together.features, 1, 1024));
}

TEST(FeatureNetworkRuntime, AMirroredViewIsAnotherView) {
  FeatureNetworkRuntime runtime(options());
  EXPECT_NE(runtime.extract(request({0, 1, 2, 0})).features, runtime.extract(request({0, 1, 2, 1})).features);
}

TEST(FeatureNetworkRuntime, NothingToLookAtIsNoFeature) {
  FeatureNetworkRuntime runtime(options({}));
  EXPECT_TRUE(runtime.extract(request({})).features.empty());
  const ViewFeatures one = runtime.extract(request({0, 0, 0, 0}));
  EXPECT_EQ(one.features.size(), 1024U);
  EXPECT_TRUE(one.logits.empty());
}

TEST(FeatureNetworkRuntime, ViewsOutsideTheImagesAreRefused) {
  EXPECT_EQ(refusal_of(request({2, 4, 4, 1})), "accepted");
  EXPECT_EQ(refusal_of(request({2, 0, 0, 0, 3, 0, 0, 0})),
            "`views[1].image` must be from 0 to 2, but is 3 instead");
  EXPECT_EQ(refusal_of(request({0, 5, 0, 0})), "`views[0].x` must be from 0 to 4, but is 5 instead");
  EXPECT_EQ(refusal_of(request({0, 0, -1, 0})), "`views[0].y` must be from 0 to 4, but is -1 instead");
  EXPECT_EQ(refusal_of(request({0, 0, 0, 2})), "`views[0].flip` must be from 0 to 1, but is 2 instead");
  ViewRequest large = request({});
  large.crop_size = 41;
  EXPECT_EQ(refusal_of(large), "`crop.cropSide` must be from 1 to 40, but is 41 instead");
}

TEST(FeatureNetworkRuntime, TensorsOfNoNetworkAreRefused) {
  FeatureNetworkRuntime runtime(options());
  const std::vector<uint8_t> bytes(4);
  EXPECT_THROW(runtime.write_state("conv9.conv.weight", bytes.data(), bytes.size()), Error);
  EXPECT_THROW(runtime.write_state("conv1.conv.weight", bytes.data(), bytes.size()), Error);
  EXPECT_NO_THROW(runtime.write_state("aux1.fc1.bias", bytes.data(), bytes.size()));
}

}  // namespace
}  // namespace florigen
