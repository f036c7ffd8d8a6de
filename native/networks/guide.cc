#include "networks/guide.h"

#include <c10/core/impl/LocalDispatchKeySet.h>

#include <string>
#include <utility>

#include "core/error.h"
#include "core/numeric_options.h"
#include "data/views.h"
#include "networks/cosines.h"
#include "networks/initialization.h"
#include "networks/placement.h"

namespace florigen {
namespace {

constexpr const char* kGuideEyes = "guide.eyes";
constexpr int64_t kCriticWidth = 64;

/// The feature network alone: what its own heads say is not asked for.
FeatureNetworkOptions without_heads(const FeatureNetworkOptions& options, const NetworkOptions& gan) {
  require_equal("guide.network.dtype", gan.machine.dtype, options.machine.dtype);
  require_equal("guide.network.device", gan.machine.device, options.machine.device);
  FeatureNetworkOptions result = options;
  result.heads.clear();
  return result;
}

}  // namespace

GuideCritic::GuideCritic(const std::vector<int64_t>& map_widths) {
  for (const int64_t width : map_widths) {
    const auto level = register_module(std::to_string(levels_.size()), std::make_shared<torch::nn::Module>());
    levels_.push_back(
        {level->register_module("norm", BatchNorm(width)),
         level->register_module("hidden", Convolution(ConvolutionImpl::Shape{width, kCriticWidth, 1, 1, 0})),
         level->register_module("score", Convolution(ConvolutionImpl::Shape{kCriticWidth, 1, 1, 1, 0}))});
  }
}

std::vector<torch::Tensor> GuideCritic::logits(const std::vector<torch::Tensor>& maps) {
  std::vector<torch::Tensor> result;
  for (size_t i = 0; i < maps.size(); ++i) {
    Level& level = levels_[i];
    result.push_back(level.score(leaky_rectify(level.hidden(level.norm(maps[i])))).flatten(1));
  }
  return result;
}

GuideHead::GuideHead(const NetworkOptions& o, std::shared_ptr<GuideCritic> critic)
    : norm_(register_module("norm", BatchNorm(googlenet::kFeatureSize))),
      image_(register_module("image", Linear(googlenet::kFeatureSize, o.projected_text_size))),
      text_(register_module("text", Linear(o.text_size, o.projected_text_size))),
      critic_(std::move(critic)) {
  if (critic_) register_module("critic", critic_);
}

torch::Tensor GuideHead::cosines(const torch::Tensor& features, const torch::Tensor& text) {
  // A temperature multiplies the rounding of autocast; two layers of this size cost nothing without it.
  const c10::impl::ExcludeDispatchKeyGuard no_autocast(c10::autocast_dispatch_keyset);
  return cosines_between(image_(norm_(features.to(image_->weight.scalar_type()))), text_(text));
}

Guide::Guide(const FeatureNetworkOptions& eyes, const NetworkOptions& gan, bool with_critic, uint32_t seed)
    : input_size_(eyes.input_size),
      eyes_(googlenet::make_feature_network(without_heads(eyes, gan), /*seed=*/0)),
      head_(std::make_shared<GuideHead>(
          gan, with_critic ? std::make_shared<GuideCritic>(eyes_->map_widths()) : nullptr)) {
  eyes_->eval();
  for (torch::Tensor& parameter : eyes_->parameters()) parameter.requires_grad_(false);
  place(*head_, parse_device(gan.machine.device), parse_dtype(gan.machine.dtype));
  initialize_weights(*head_, kGuideHead, seed);
}

std::vector<torch::Tensor> Guide::maps_of(const torch::Tensor& images) {
  return eyes_->maps(resize_drawn_images(images, input_size_));
}

GuideView Guide::lesson(const torch::Tensor& real, const torch::Tensor& drawn, const torch::Tensor& text) {
  const bool tells = head_->critic() != nullptr;
  std::vector<torch::Tensor> maps;
  torch::Tensor features;
  {
    const torch::NoGradGuard no_grad;
    maps = maps_of(tells ? at::cat({real, drawn}) : real);
    features = eyes_->features_of(maps).narrow(0, 0, real.size(0));
  }
  head_->train();
  GuideView result{head_->cosines(features, text), {}};
  if (tells) result.critic_logits = head_->critic()->logits(maps);
  return result;
}

GuideView Guide::judgement(const torch::Tensor& drawn, const torch::Tensor& text) {
  const std::vector<torch::Tensor> maps = maps_of(drawn);
  head_->eval();
  GuideView result{head_->cosines(eyes_->features_of(maps), text), {}};
  if (head_->critic() != nullptr) result.critic_logits = head_->critic()->logits(maps);
  return result;
}

std::vector<NamedTensor> Guide::state() const {
  std::vector<NamedTensor> result = named_tensors(*eyes_, kGuideEyes);
  for (NamedTensor& tensor : named_tensors(*head_, kGuideHead)) result.push_back(std::move(tensor));
  return result;
}

}  // namespace florigen
