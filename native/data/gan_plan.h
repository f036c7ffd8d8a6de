#pragma once

#include "data/plan.h"

namespace florigen {

/// The weight of the mode-seeking term in this epoch; 0 for none.
constexpr const char* kModeSeekingWeight = "modeSeekingWeight";

/// The learning rate of a text encoder that is fine-tuned.
constexpr const char* kEncoderLearningRate = "encoderLearningRate";

/// The class of each row's image, for a contrastive term. An image without one is a class of its own.
constexpr const char* kClass = "class";

/// What a GAN's plan may refer to, and which columns its trainer reads.
struct GanPlanLimits {
  int64_t image_count;
  int64_t caption_count;
  int64_t largest_crop;  ///< load size minus crop size
  bool mismatched_images;
  bool mismatched_captions;
  bool fine_tuning;
  bool classes;
};

/// Throws unless every index of the plan lies within the limits and every update has an even number of rows,
/// at least four.
void check_gan_plan(const Plan& plan, const GanPlanLimits& limits);

}  // namespace florigen
