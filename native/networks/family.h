#pragma once

#include <torch/nn/module.h>
#include <torch/types.h>

#include <memory>
#include <string>

#include "networks/network_options.h"

namespace florigen {

/// Draws images from noise and text.
class Generator : public torch::nn::Module {
 public:
  /// `noise` [n, nz], `text` [n, d]; returns [n, 3, 64, 64] in [-1, 1].
  virtual torch::Tensor forward(const torch::Tensor& noise, const torch::Tensor& text) = 0;
};

/// Judges whether an image is real and matches its text. Trunk and head are apart, so that right and wrong
/// text can share the features of one image. Every operation supports double backward.
class Discriminator : public torch::nn::Module {
 public:
  /// `images` [n, 3, 64, 64]; returns features [n, c, 4, 4].
  virtual torch::Tensor trunk(const torch::Tensor& images) = 0;
  /// Features and `text` [n, d]; returns logits [n].
  virtual torch::Tensor head(const torch::Tensor& features, const torch::Tensor& text) = 0;
};

/// One row of the table of families.
struct Family {
  const char* name;
  std::shared_ptr<Generator> (*make_generator)(const NetworkOptions&);
  std::shared_ptr<Discriminator> (*make_discriminator)(const NetworkOptions&);
};

/// The row of that name; throws with the list of names otherwise.
const Family& find_family(const std::string& name);

/// A generator of `options.family` with initial weights of `seed`, in its dtype, on its device, channels
/// last.
std::shared_ptr<Generator> make_generator(const NetworkOptions& options, uint32_t seed);
/// Likewise a discriminator.
std::shared_ptr<Discriminator> make_discriminator(const NetworkOptions& options, uint32_t seed);

}  // namespace florigen
