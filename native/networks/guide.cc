#include "networks/guide.h"

#include <c10/core/impl/LocalDispatchKeySet.h>

#include <string>

#include "core/error.h"
#include "core/numeric_options.h"
#include "data/views.h"
#include "networks/cosines.h"
#include "networks/initialization.h"
#include "networks/placement.h"

namespace florigen {
namespace {

constexpr const char* kGuideEyes = "guide.eyes";

/// The feature network alone: what its own heads say is not asked for.
FeatureNetworkOptions without_heads(const FeatureNetworkOptions& options, const NetworkOptions& gan) {
  require_equal("guide.network.dtype", gan.machine.dtype, options.machine.dtype);
  require_equal("guide.network.device", gan.machine.device, options.machine.device);
  FeatureNetworkOptions result = options;
  result.heads.clear();
  return result;
}

}  // namespace

GuideHead::GuideHead(const NetworkOptions& o)
    : norm_(register_module("norm", BatchNorm(googlenet::kFeatureSize))),
      image_(register_module("image", Linear(googlenet::kFeatureSize, o.projected_text_size))),
      text_(register_module("text", Linear(o.text_size, o.projected_text_size))) {}

torch::Tensor GuideHead::cosines(const torch::Tensor& features, const torch::Tensor& text) {
  // A temperature multiplies the rounding of autocast; two layers of this size cost nothing without it.
  const c10::impl::ExcludeDispatchKeyGuard no_autocast(c10::autocast_dispatch_keyset);
  return cosines_between(image_(norm_(features.to(image_->weight.scalar_type()))), text_(text));
}

Guide::Guide(const FeatureNetworkOptions& eyes, const NetworkOptions& gan, uint32_t seed)
    : input_size_(eyes.input_size),
      eyes_(googlenet::make_feature_network(without_heads(eyes, gan), /*seed=*/0)),
      head_(std::make_shared<GuideHead>(gan)) {
  eyes_->eval();
  for (torch::Tensor& parameter : eyes_->parameters()) parameter.requires_grad_(false);
  place(*head_, parse_device(gan.machine.device), parse_dtype(gan.machine.dtype));
  initialize_weights(*head_, kGuideHead, seed);
}

torch::Tensor Guide::seen_in(const torch::Tensor& images) {
  return eyes_->features(resize_drawn_images(images, input_size_));
}

torch::Tensor Guide::lesson(const torch::Tensor& images, const torch::Tensor& text) {
  torch::Tensor features;
  {
    const torch::NoGradGuard no_grad;
    features = seen_in(images);
  }
  head_->train();
  return head_->cosines(features, text);
}

torch::Tensor Guide::judgement(const torch::Tensor& images, const torch::Tensor& text) {
  head_->eval();
  return head_->cosines(seen_in(images), text);
}

std::vector<NamedTensor> Guide::state() const {
  std::vector<NamedTensor> result = named_tensors(*eyes_, kGuideEyes);
  for (NamedTensor& tensor : named_tensors(*head_, kGuideHead)) result.push_back(std::move(tensor));
  return result;
}

}  // namespace florigen
