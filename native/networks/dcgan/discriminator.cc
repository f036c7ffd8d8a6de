#include "networks/dcgan/discriminator.h"

#include "networks/layers.h"

namespace florigen::dcgan {
namespace {

Convolution halving(int64_t in, int64_t out) { return Convolution(ConvolutionImpl::Shape{in, out, 4, 2, 1}); }

class DcganDiscriminator : public Discriminator {
 public:
  explicit DcganDiscriminator(const NetworkOptions& o)
      : down1_(register_module("down1", halving(3, o.discriminator_features))),
        down2_(register_module("down2", halving(o.discriminator_features, 2 * o.discriminator_features))),
        down2_norm_(register_module("down2_norm", BatchNorm(2 * o.discriminator_features))),
        down3_(register_module("down3", halving(2 * o.discriminator_features, 4 * o.discriminator_features))),
        down3_norm_(register_module("down3_norm", BatchNorm(4 * o.discriminator_features))),
        down4_(register_module("down4", halving(4 * o.discriminator_features, 8 * o.discriminator_features))),
        down4_norm_(register_module("down4_norm", BatchNorm(8 * o.discriminator_features))),
        text_(register_module("text", Linear(o.text_size, o.projected_text_size))),
        text_norm_(register_module("text_norm", BatchNorm(o.projected_text_size))),
        score_(register_module(
            "score", Convolution(ConvolutionImpl::Shape{8 * o.discriminator_features + o.projected_text_size,
                                                        1, 4, 1, 0}))) {}

  torch::Tensor trunk(const torch::Tensor& images) override {
    torch::Tensor x = leaky_rectify(down1_(images));
    x = leaky_rectify(down2_norm_(down2_(x)));
    x = leaky_rectify(down3_norm_(down3_(x)));
    return leaky_rectify(down4_norm_(down4_(x)));
  }

  torch::Tensor head(const torch::Tensor& features, const torch::Tensor& text) override {
    const torch::Tensor projected = leaky_rectify(text_norm_(text_(text)));
    return score_(join_text(features, projected)).flatten();
  }

 private:
  Convolution down1_;
  Convolution down2_;
  BatchNorm down2_norm_;
  Convolution down3_;
  BatchNorm down3_norm_;
  Convolution down4_;
  BatchNorm down4_norm_;
  Linear text_;
  BatchNorm text_norm_;
  Convolution score_;
};

}  // namespace

std::shared_ptr<Discriminator> make_discriminator(const NetworkOptions& options) {
  return std::make_shared<DcganDiscriminator>(options);
}

}  // namespace florigen::dcgan
