#pragma once

#include <map>
#include <string>
#include <vector>

namespace florigen::testing {

/// The lists of numbers of a flat JSON object (test/vectors/*.json), by key; a lone number is a list of one.
std::map<std::string, std::vector<double>> read_number_lists(const std::string& path);

}  // namespace florigen::testing
