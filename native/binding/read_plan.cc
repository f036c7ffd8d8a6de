#include "binding/read_plan.h"

#include "binding/describe_value.h"
#include "binding/option_reader.h"

namespace florigen::binding {
namespace {

constexpr int64_t kPlanVersion = 2;

std::map<std::string, std::vector<int32_t>> read_columns(OptionReader reader) {
  std::map<std::string, std::vector<int32_t>> columns;
  for (const auto& name : reader.keys()) columns[name] = reader.int32_array(name.c_str());
  return columns;
}

std::map<std::string, double> read_values(OptionReader reader) {
  std::map<std::string, double> values;
  for (const auto& name : reader.keys()) values[name] = reader.number(name.c_str());
  return values;
}

}  // namespace

Plan read_plan(Napi::Value value) {
  OptionReader reader(value, "plan", "plan.");
  if (reader.count("version") != kPlanVersion) refuse_value("plan.version", "2", reader.field("version"));
  Plan plan;
  plan.row_count = reader.count("rowCount");
  plan.captions_per_image = reader.count("captionsPerImage");
  plan.columns = read_columns(reader.object("columns"));
  plan.updates = reader.int32_array("updates");
  plan.step_start = reader.int32_array("stepStart");
  plan.values = read_values(reader.object("values"));
  reader.refuse_unknown_keys();
  return plan;
}

}  // namespace florigen::binding
