#include "networks/googlenet/torchvision_names.h"

namespace florigen::googlenet {
namespace {

bool starts_with(const std::string& text, const std::string& start) { return text.rfind(start, 0) == 0; }

bool ends_with(const std::string& text, const std::string& end) {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

}  // namespace

bool is_torchvision_classifier(const std::string& name) {
  return name == "fc.weight" || name == "fc.bias" || starts_with(name, "aux1.") || starts_with(name, "aux2.");
}

const NamedTensor* find_classifier_target(const std::vector<NamedTensor>& state, const std::string& name,
                                          size_t bytes) {
  if (!starts_with(name, "fc.")) return nullptr;
  const std::string leaf = name.substr(2);  // .weight or .bias
  for (const NamedTensor& item : state) {
    if (!starts_with(item.name, "heads.") || !ends_with(item.name, leaf)) continue;
    if (item.tensor.nbytes() == bytes) return &item;
  }
  return nullptr;
}

}  // namespace florigen::googlenet
