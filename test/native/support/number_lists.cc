#include "support/number_lists.h"

#include <fstream>
#include <regex>
#include <sstream>
#include <stdexcept>

namespace florigen::testing {

std::map<std::string, std::vector<double>> read_number_lists(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot open " + path);
  std::stringstream text;
  text << file.rdbuf();
  std::map<std::string, std::vector<double>> lists;
  std::string key;
  const std::string content = text.str();
  // A token is a key with its colon, or a number; brackets and commas carry nothing in a flat object.
  const std::regex token(R"("([A-Za-z]+)\"\s*:|(-?[0-9][0-9.eE+-]*))");
  for (std::sregex_iterator it(content.begin(), content.end(), token), end; it != end; ++it) {
    if ((*it)[1].matched) {
      key = (*it)[1];
    } else {
      lists[key].push_back(std::stod((*it)[2]));
    }
  }
  return lists;
}

}  // namespace florigen::testing
