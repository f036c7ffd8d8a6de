#include "networks/contrastive_head.h"

#include <c10/core/impl/LocalDispatchKeySet.h>

#include "core/numeric_options.h"
#include "networks/initialization.h"
#include "networks/placement.h"

namespace florigen {
namespace {

constexpr double kSmallestLength = 1e-12;

torch::Tensor of_length_one(const torch::Tensor& vectors) {
  return vectors / vectors.norm(2, /*dim=*/1, /*keepdim=*/true).clamp_min(kSmallestLength);
}

}  // namespace

ContrastiveHead::ContrastiveHead(const NetworkOptions& o)
    : image_(register_module("image", Convolution(ConvolutionImpl::Shape{8 * o.discriminator_features,
                                                                         o.projected_text_size, 4, 1, 0}))),
      text_(register_module("text", Linear(o.text_size, o.projected_text_size))) {}

torch::Tensor ContrastiveHead::cosines(const torch::Tensor& features, const torch::Tensor& text) {
  // A temperature multiplies the rounding of autocast; two layers of this size cost nothing without it.
  const c10::impl::ExcludeDispatchKeyGuard no_autocast(c10::autocast_dispatch_keyset);
  const torch::Tensor of_images = image_(features.to(image_->weight.scalar_type())).flatten(1);
  return at::mm(of_length_one(of_images), of_length_one(text_(text)).t());
}

std::shared_ptr<ContrastiveHead> make_contrastive_head(const NetworkOptions& options, uint32_t seed) {
  auto head = std::make_shared<ContrastiveHead>(options);
  place(*head, parse_device(options.machine.device), parse_dtype(options.machine.dtype));
  initialize_weights(*head, kContrastiveHead, seed);
  return head;
}

}  // namespace florigen
