#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace florigen {

/// What kind of network an update moves; the values stand in the plan.
enum class UpdateKind : int32_t { kDiscriminator = 0, kGenerator = 1 };

/// A run of rows of the plan that one update works on.
struct RowRange {
  int64_t first;
  int64_t count;
};

struct Update {
  UpdateKind kind;
  RowRange rows;
};

/// The plan of an epoch, version 1 (ts/native/addon.ts, docs/formats.md): which data each update sees. It
/// carries no noise.
struct Plan {
  int64_t row_count;
  int64_t captions_per_image;
  /// One value per row; the caption columns hold lists of `captions_per_image` values, -1 where absent: one list
  /// per row, of `mismatchedCaptions` any number per row.
  std::map<std::string, std::vector<int32_t>> columns;
  std::vector<int32_t> updates;     ///< [update count, 3]: kind, first row, row count
  std::vector<int32_t> step_start;  ///< [step count + 1]: first update of each step
  double learning_rate;
  double mode_seeking_weight;

  int64_t step_count() const { return static_cast<int64_t>(step_start.size()) - 1; }
  /// The updates of step `step`, in order.
  std::vector<Update> updates_of(int64_t step) const;
};

/// What a plan may refer to, and which columns its trainer reads.
struct PlanLimits {
  int64_t image_count;
  int64_t caption_count;
  int64_t largest_crop;  ///< load size minus crop size
  bool mismatched_images;
  bool mismatched_captions;
};

/// Throws unless every index of the plan lies within the limits and every update has an even number of rows,
/// at least four.
void check_plan(const Plan& plan, const PlanLimits& limits);

}  // namespace florigen
