#include "data/gan_plan.h"

#include <algorithm>
#include <array>

#include "core/error.h"

namespace florigen {
namespace {

void check_image_columns(const Plan& plan, const GanPlanLimits& limits,
                         const std::array<const char*, 4>& names) {
  check_column(plan, names[0], {0, limits.image_count});
  check_column(plan, names[1], {0, limits.largest_crop + 1});
  check_column(plan, names[2], {0, limits.largest_crop + 1});
  check_column(plan, names[3], {0, 2});
}

/// How many mismatching texts a row has: as many as the column holds lists, at least one.
int64_t mismatches_of(const Plan& plan) {
  const int64_t one_each = plan.row_count * plan.captions_per_image;
  const auto size = static_cast<int64_t>(find_column(plan, "mismatchedCaptions").size());
  return one_each > 0 ? std::max<int64_t>(1, size / one_each) : 1;
}

}  // namespace

void check_gan_plan(const Plan& plan, const GanPlanLimits& limits) {
  if (plan.captions_per_image < 1) {
    throw_must_be(ErrorCode::kUsage, "plan.captionsPerImage", "at least 1",
                  std::to_string(plan.captions_per_image));
  }
  check_steps(plan, {{UpdateKind::kDiscriminator, UpdateKind::kGenerator}, /*fewest_rows=*/4, /*even=*/true});
  check_value(plan, kModeSeekingWeight);
  if (limits.fine_tuning) check_value(plan, kEncoderLearningRate);
  check_image_columns(plan, limits, {"image", "cropX", "cropY", "flip"});
  check_captions(plan, "captions", /*lists=*/1, limits.caption_count);
  if (limits.classes) check_column(plan, kClass, {0, int64_t{1} << 31});
  if (limits.mismatched_images) {
    check_image_columns(plan, limits,
                        {"mismatchedImage", "mismatchedCropX", "mismatchedCropY", "mismatchedFlip"});
  }
  if (limits.mismatched_captions) {
    check_captions(plan, "mismatchedCaptions", mismatches_of(plan), limits.caption_count);
  }
}

}  // namespace florigen
