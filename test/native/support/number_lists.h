#pragma once

#include <map>
#include <sstream>
#include <string>
#include <vector>

namespace florigen::testing {

/// The lists of numbers of a flat JSON object (test/vectors/*.json), by key; a lone number is a list of one.
std::map<std::string, std::vector<double>> read_number_lists(const std::string& path);

/// The numbers of a text, separated by spaces.
template <typename Number>
std::vector<Number> numbers_of(const std::string& text) {
  std::istringstream stream(text);
  std::vector<Number> numbers;
  for (Number number; stream >> number;) numbers.push_back(number);
  return numbers;
}

}  // namespace florigen::testing
