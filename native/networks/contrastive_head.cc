#include "networks/contrastive_head.h"

#include <c10/core/impl/LocalDispatchKeySet.h>

#include "core/numeric_options.h"
#include "networks/cosines.h"
#include "networks/initialization.h"
#include "networks/placement.h"

namespace florigen {

ContrastiveHead::ContrastiveHead(const NetworkOptions& o)
    : image_(register_module("image", Convolution(ConvolutionImpl::Shape{8 * o.discriminator_features,
                                                                         o.projected_text_size, 4, 1, 0}))),
      text_(register_module("text", Linear(o.text_size, o.projected_text_size))) {}

torch::Tensor ContrastiveHead::cosines(const torch::Tensor& features, const torch::Tensor& text) {
  // A temperature multiplies the rounding of autocast; two layers of this size cost nothing without it.
  const c10::impl::ExcludeDispatchKeyGuard no_autocast(c10::autocast_dispatch_keyset);
  const torch::Tensor of_images = image_(features.to(image_->weight.scalar_type())).flatten(1);
  return cosines_between(of_images, text_(text));
}

std::shared_ptr<ContrastiveHead> make_contrastive_head(const NetworkOptions& options, uint32_t seed) {
  auto head = std::make_shared<ContrastiveHead>(options);
  place(*head, parse_device(options.machine.device), parse_dtype(options.machine.dtype));
  initialize_weights(*head, kContrastiveHead, seed);
  return head;
}

}  // namespace florigen
