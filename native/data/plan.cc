#include "data/plan.h"

#include <algorithm>
#include <array>

#include "core/error.h"

namespace florigen {
namespace {

[[noreturn]] void refuse(const std::string& name, const std::string& expectation, const std::string& actual) {
  throw_must_be(ErrorCode::kUsage, "plan." + name, expectation, actual);
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

void check_step_starts(const Plan& plan) {
  const auto update_count = static_cast<int64_t>(plan.updates.size()) / 3;
  if (plan.updates.size() % 3 != 0)
    refuse("updates", "triples", std::to_string(plan.updates.size()) + " values");
  const bool rising = std::is_sorted(plan.step_start.begin(), plan.step_start.end());
  if (plan.step_start.empty() || plan.step_start.front() != 0 || plan.step_start.back() != update_count ||
      !rising) {
    refuse("stepStart", "a rising list from 0 to the number of updates", "something else");
  }
}

std::string kinds_of(const UpdateRules& rules) {
  std::string list;
  for (const UpdateKind kind : rules.kinds) {
    list += (list.empty() ? "" : " or ") + std::to_string(static_cast<int32_t>(kind));
  }
  return list;
}

void check_updates(const Plan& plan, const UpdateRules& rules) {
  for (size_t i = 0; i < plan.updates.size(); i += 3) {
    const auto kind = static_cast<UpdateKind>(plan.updates[i]);
    const int64_t first = plan.updates[i + 1];
    const int64_t count = plan.updates[i + 2];
    if (std::find(rules.kinds.begin(), rules.kinds.end(), kind) == rules.kinds.end()) {
      refuse("updates", "of kind " + kinds_of(rules), std::to_string(plan.updates[i]));
    }
    if (first < 0 || first + count > plan.row_count) {
      refuse("updates", "rows of the plan", std::to_string(first) + " to " + std::to_string(first + count));
    }
    if (count < rules.fewest_rows || (rules.even && count % 2 != 0)) {
      refuse("updates",
             (rules.even ? "an even number of rows, at least " : "a number of rows, at least ") +
                 std::to_string(rules.fewest_rows),
             std::to_string(count));
    }
  }
}

}  // namespace

const char* update_name(UpdateKind kind) {
  switch (kind) {
    case UpdateKind::kDiscriminator:
      return "discriminator";
    case UpdateKind::kGenerator:
      return "generator";
    case UpdateKind::kEncoder:
      return "encoder";
    case UpdateKind::kFeatures:
      return "features";
  }
  return "unknown";
}

std::vector<Update> Plan::updates_of(int64_t step) const {
  std::vector<Update> result;
  for (int64_t i = step_start[step]; i < step_start[step + 1]; ++i) {
    result.push_back({static_cast<UpdateKind>(updates[3 * i]), {updates[3 * i + 1], updates[3 * i + 2]}});
  }
  return result;
}

const std::vector<int32_t>& find_column(const Plan& plan, const std::string& name) {
  const auto found = plan.columns.find(name);
  if (found == plan.columns.end()) refuse("columns." + name, "a column", "absent");
  return found->second;
}

void check_value(const Plan& plan, const char* name) {
  if (plan.values.count(name) == 0) refuse(std::string("values.") + name, "a number", "absent");
}

void check_steps(const Plan& plan, const UpdateRules& rules) {
  check_step_starts(plan);
  check_updates(plan, rules);
  check_value(plan, kLearningRate);
}

void check_column(const Plan& plan, const std::string& name, const ColumnRange& range) {
  for (const int32_t value : require_column(plan, name, 1)) {
    if (value < range.low || value >= range.high) {
      refuse("columns." + name, "from " + std::to_string(range.low) + " to " + std::to_string(range.high - 1),
             std::to_string(value));
    }
  }
}

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

}  // namespace florigen
