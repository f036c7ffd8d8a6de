#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace florigen {

/// What kind of network an update moves; the values stand in the plan.
enum class UpdateKind : int32_t { kDiscriminator = 0, kGenerator = 1, kEncoder = 2, kFeatures = 3 };

/// "discriminator", "generator", "encoder" or "features".
const char* update_name(UpdateKind kind);

/// A run of rows of the plan that one update works on.
struct RowRange {
  int64_t first;
  int64_t count;
};

struct Update {
  UpdateKind kind;
  RowRange rows;
};

/// The plan of an epoch, version 2 (ts/native/addon.ts, docs/formats.md): which data each update sees. It
/// carries no noise.
struct Plan {
  int64_t row_count;
  int64_t captions_per_image;
  /// One value per row; the caption columns hold lists of `captions_per_image` values, -1 where absent: one
  /// list per row, of `mismatchedCaptions` any number per row.
  std::map<std::string, std::vector<int32_t>> columns;
  std::vector<int32_t> updates;          ///< [update count, 3]: kind, first row, row count
  std::vector<int32_t> step_start;       ///< [step count + 1]: first update of each step
  std::map<std::string, double> values;  ///< of the whole epoch, such as the learning rate

  /// A value that was checked to be there.
  double value(const char* name) const { return values.at(name); }
  int64_t step_count() const { return static_cast<int64_t>(step_start.size()) - 1; }
  /// The updates of step `step`, in order.
  std::vector<Update> updates_of(int64_t step) const;
};

/// Every plan has it.
constexpr const char* kLearningRate = "learningRate";

/// Which updates a plan of a trainer may list.
struct UpdateRules {
  std::vector<UpdateKind> kinds;
  int64_t fewest_rows;
  bool even;
};

/// The values that a column may hold.
struct ColumnRange {
  int32_t low;
  int64_t high;  ///< exclusive
};

/// Throws unless steps, updates and values are those of a plan by these rules.
void check_steps(const Plan& plan, const UpdateRules& rules);
/// Throws unless the plan has a value of that name.
void check_value(const Plan& plan, const char* name);
/// Throws unless the column has one value within the range for each row.
void check_column(const Plan& plan, const std::string& name, const ColumnRange& range);
/// Throws unless every row has `lists` lists of captions, each with one caption at least.
void check_captions(const Plan& plan, const std::string& name, int64_t lists, int64_t caption_count);

/// The values of a column, or a refusal.
const std::vector<int32_t>& find_column(const Plan& plan, const std::string& name);

}  // namespace florigen
