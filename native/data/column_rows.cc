#include "data/column_rows.h"

#include <algorithm>

namespace florigen {

torch::Tensor column_rows(const Plan& plan, const std::string& name, const RowRange& rows,
                          torch::Device device) {
  const std::vector<int32_t>& column = plan.columns.at(name);
  const int64_t values = static_cast<int64_t>(column.size()) / plan.row_count;
  torch::Tensor slice = torch::empty({rows.count, values}, torch::kInt64);
  std::copy_n(column.begin() + rows.first * values, rows.count * values, slice.data_ptr<int64_t>());
  return slice.to(device);
}

}  // namespace florigen
