#pragma once

#include <torch/types.h>

#include <string>

#include "data/plan.h"

namespace florigen {

/// The values of a checked column for a range of rows, int64 on `device`: [rows, values per row].
torch::Tensor column_rows(const Plan& plan, const std::string& name, const RowRange& rows,
                          torch::Device device);

}  // namespace florigen
