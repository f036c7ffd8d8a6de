#include "data/gan_plan.h"

#include <gtest/gtest.h>

#include "core/error.h"

namespace florigen {
namespace {

constexpr GanPlanLimits kLimits{.image_count = 10,
                                .caption_count = 20,
                                .largest_crop = 12,
                                .mismatched_images = true,
                                .mismatched_captions = false,
                                .fine_tuning = false,
                                .classes = false};

Plan valid_plan() {
  const std::vector<int32_t> zeros(8, 0);
  return {.row_count = 8,
          .captions_per_image = 2,
          .columns = {{"image", zeros},
                      {"cropX", zeros},
                      {"cropY", zeros},
                      {"flip", zeros},
                      {"mismatchedImage", zeros},
                      {"mismatchedCropX", zeros},
                      {"mismatchedCropY", zeros},
                      {"mismatchedFlip", zeros},
                      {"captions", {0, -1, 1, -1, 2, 3, 4, 5, 0, -1, 1, -1, 2, 3, 4, 19}}},
          .updates = {0, 0, 4, 1, 0, 4, 0, 4, 4},
          .step_start = {0, 2, 3},
          .values = {{kLearningRate, 1e-3}, {kModeSeekingWeight, 0.0}}};
}

void expect_refused(const Plan& plan, const std::string& part, const GanPlanLimits& limits = kLimits) {
  try {
    check_gan_plan(plan, limits);
    ADD_FAILURE() << "accepted, expected a complaint about " << part;
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kUsage);
    EXPECT_NE(std::string(error.what()).find(part), std::string::npos) << error.what();
  }
}

TEST(Plan, AcceptsAValidPlanAndListsItsUpdates) {
  const Plan plan = valid_plan();
  EXPECT_NO_THROW(check_gan_plan(plan, kLimits));
  EXPECT_EQ(plan.step_count(), 2);
  ASSERT_EQ(plan.updates_of(0).size(), 2U);
  EXPECT_EQ(plan.updates_of(0)[1].kind, UpdateKind::kGenerator);
  EXPECT_EQ(plan.updates_of(1)[0].rows.first, 4);
}

TEST(Plan, RefusesAMissingOrShortColumn) {
  Plan plan = valid_plan();
  plan.columns.erase("mismatchedFlip");
  expect_refused(plan, "`plan.columns.mismatchedFlip` must be a column, but is absent instead");
  plan = valid_plan();
  plan.columns["image"].pop_back();
  expect_refused(plan, "`plan.columns.image` must be 8 values long, but is 7 instead");
}

TEST(Plan, AsksForClassesWhereAContrastiveTermDoes) {
  GanPlanLimits limits = kLimits;
  limits.classes = true;
  Plan plan = valid_plan();
  expect_refused(plan, "`plan.columns.class` must be a column, but is absent instead", limits);
  plan.columns["class"] = {0, 1, 2, 3, 0, 1, 2, 2147483647};
  EXPECT_NO_THROW(check_gan_plan(plan, limits));
  plan.columns["class"][5] = -1;
  expect_refused(plan, "`plan.columns.class` must be from 0", limits);
}

TEST(Plan, RefusesIndicesOutsideTheData) {
  const std::vector<std::pair<std::string, int32_t>> faults = {
      {"image", 10}, {"image", -1},    {"cropX", 13},    {"cropY", -1},
      {"flip", 2},   {"captions", 20}, {"captions", -2}, {"mismatchedImage", 10}};
  for (const auto& [column, value] : faults) {
    Plan plan = valid_plan();
    plan.columns[column][4] = value;
    expect_refused(plan, "`plan.columns." + column + "` must be from ");
  }
}

TEST(Plan, RefusesARowWithoutACaption) {
  Plan plan = valid_plan();
  plan.columns["captions"][0] = -1;
  expect_refused(plan, "at least one caption in row 0");
}

TEST(Plan, RefusesImpossibleUpdates) {
  for (const std::vector<int32_t>& update :
       std::vector<std::vector<int32_t>>{{0, 0, 2}, {0, 0, 5}, {1, 0, 0}}) {
    Plan plan = valid_plan();
    std::copy(update.begin(), update.end(), plan.updates.begin());
    expect_refused(plan, "an even number of rows, at least 4");
  }
  Plan plan = valid_plan();
  plan.updates[1] = 6;
  expect_refused(plan, "rows of the plan");
  plan = valid_plan();
  plan.updates[0] = 7;
  expect_refused(plan, "of kind 0 or 1");
  plan = valid_plan();
  plan.step_start = {0, 2};
  expect_refused(plan, "a rising list from 0 to the number of updates");
}

}  // namespace
}  // namespace florigen
