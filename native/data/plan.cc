#include "data/plan.h"

#include <algorithm>
#include <array>

#include "core/error.h"

namespace florigen {
namespace {

constexpr int64_t kFewestRows = 4;

struct ColumnRange {
  int32_t low;
  int64_t high;  ///< exclusive
};

[[noreturn]] void refuse(const std::string& name, const std::string& expectation, const std::string& actual) {
  throw_must_be(ErrorCode::kUsage, "plan." + name, expectation, actual);
}

const std::vector<int32_t>& find_column(const Plan& plan, const std::string& name) {
  const auto found = plan.columns.find(name);
  if (found == plan.columns.end()) refuse("columns." + name, "a column", "absent");
  return found->second;
}

const std::vector<int32_t>& require_column(const Plan& plan, const std::string& name,
                                           int64_t values_per_row) {
  const std::vector<int32_t>& column = find_column(plan, name);
  const int64_t expected = plan.row_count * values_per_row;
  const auto size = static_cast<int64_t>(column.size());
  if (size != expected)
    refuse("columns." + name, std::to_string(expected) + " values long", std::to_string(size));
  return column;
}

void check_column(const Plan& plan, const std::string& name, ColumnRange range) {
  for (const int32_t value : require_column(plan, name, 1)) {
    if (value < range.low || value >= range.high) {
      refuse("columns." + name, "from " + std::to_string(range.low) + " to " + std::to_string(range.high - 1),
             std::to_string(value));
    }
  }
}

/// `lists` lists of captions a row, each with one caption at least.
void check_captions(const Plan& plan, const std::string& name, int64_t lists, int64_t caption_count) {
  const std::vector<int32_t>& column = require_column(plan, name, lists * plan.captions_per_image);
  for (int64_t list = 0; list < plan.row_count * lists; ++list) {
    bool present = false;
    for (int64_t i = list * plan.captions_per_image; i < (list + 1) * plan.captions_per_image; ++i) {
      if (column[i] < -1 || column[i] >= caption_count) {
        refuse("columns." + name, "from -1 to " + std::to_string(caption_count - 1),
               std::to_string(column[i]));
      }
      present = present || column[i] >= 0;
    }
    if (!present) {
      refuse("columns." + name, "at least one caption in row " + std::to_string(list / lists), "none");
    }
  }
}

/// How many mismatching texts a row has: as many as the column holds lists, at least one.
int64_t mismatches_of(const Plan& plan) {
  const int64_t one_each = plan.row_count * plan.captions_per_image;
  const auto size = static_cast<int64_t>(find_column(plan, "mismatchedCaptions").size());
  return one_each > 0 ? std::max<int64_t>(1, size / one_each) : 1;
}

void check_image_columns(const Plan& plan, const PlanLimits& limits,
                         const std::array<const char*, 4>& names) {
  check_column(plan, names[0], {0, limits.image_count});
  check_column(plan, names[1], {0, limits.largest_crop + 1});
  check_column(plan, names[2], {0, limits.largest_crop + 1});
  check_column(plan, names[3], {0, 2});
}

void check_steps(const Plan& plan) {
  const auto update_count = static_cast<int64_t>(plan.updates.size()) / 3;
  if (plan.updates.size() % 3 != 0)
    refuse("updates", "triples", std::to_string(plan.updates.size()) + " values");
  const bool rising = std::is_sorted(plan.step_start.begin(), plan.step_start.end());
  if (plan.step_start.empty() || plan.step_start.front() != 0 || plan.step_start.back() != update_count ||
      !rising) {
    refuse("stepStart", "a rising list from 0 to the number of updates", "something else");
  }
}

void check_updates(const Plan& plan) {
  for (size_t i = 0; i < plan.updates.size(); i += 3) {
    const int64_t kind = plan.updates[i];
    const int64_t first = plan.updates[i + 1];
    const int64_t count = plan.updates[i + 2];
    if (kind != 0 && kind != 1) refuse("updates", "of kind 0 or 1", std::to_string(kind));
    if (first < 0 || first + count > plan.row_count) {
      refuse("updates", "rows of the plan", std::to_string(first) + " to " + std::to_string(first + count));
    }
    if (count < kFewestRows || count % 2 != 0) {
      refuse("updates", "an even number of rows, at least 4", std::to_string(count));
    }
  }
}

}  // namespace

std::vector<Update> Plan::updates_of(int64_t step) const {
  std::vector<Update> result;
  for (int64_t i = step_start[step]; i < step_start[step + 1]; ++i) {
    result.push_back({static_cast<UpdateKind>(updates[3 * i]), {updates[3 * i + 1], updates[3 * i + 2]}});
  }
  return result;
}

void check_plan(const Plan& plan, const PlanLimits& limits) {
  if (plan.captions_per_image < 1) {
    refuse("captionsPerImage", "at least 1", std::to_string(plan.captions_per_image));
  }
  check_steps(plan);
  check_updates(plan);
  check_image_columns(plan, limits, {"image", "cropX", "cropY", "flip"});
  check_captions(plan, "captions", /*lists=*/1, limits.caption_count);
  if (limits.mismatched_images) {
    check_image_columns(plan, limits,
                        {"mismatchedImage", "mismatchedCropX", "mismatchedCropY", "mismatchedFlip"});
  }
  if (limits.mismatched_captions) {
    check_captions(plan, "mismatchedCaptions", mismatches_of(plan), limits.caption_count);
  }
}

}  // namespace florigen
