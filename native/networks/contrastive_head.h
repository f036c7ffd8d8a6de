#pragma once

#include <torch/nn/module.h>
#include <torch/types.h>

#include <memory>
#include <string>

#include "networks/layers.h"
#include "networks/network_options.h"

namespace florigen {

/// Puts the features that a discriminator finds in images, and sentences, into one space, where an angle says
/// how well they fit (docs/step.md, section 12). Both maps are linear.
class ContrastiveHead : public torch::nn::Module {
 public:
  explicit ContrastiveHead(const NetworkOptions& options);
  /// Cosines between `features` [n, c, 4, 4] and `text` [m, d]: [n, m], in at least float32.
  torch::Tensor cosines(const torch::Tensor& features, const torch::Tensor& text);

 private:
  Convolution image_;
  Linear text_;
};

/// A head with initial weights of `seed`, in the networks' dtype, on their device.
std::shared_ptr<ContrastiveHead> make_contrastive_head(const NetworkOptions& options, uint32_t seed);

/// The first part of the names of its tensors.
inline constexpr const char* kContrastiveHead = "contrastive";

}  // namespace florigen
