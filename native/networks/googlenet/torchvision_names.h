#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/named_tensor.h"

namespace florigen::googlenet {

/// Whether `name` is a tensor of torchvision's classifier (`fc.*`) or of its auxiliary ones (`aux1.*`,
/// `aux2.*`): those that a network with other heads takes or leaves.
bool is_torchvision_classifier(const std::string& name);

/// The tensor of `state` into which such a tensor of `bytes` bytes belongs: of `fc`, the same tensor of the
/// first head of that many classes; null where there is none, and for the auxiliary classifiers.
const NamedTensor* find_classifier_target(const std::vector<NamedTensor>& state, const std::string& name,
                                          size_t bytes);

}  // namespace florigen::googlenet
