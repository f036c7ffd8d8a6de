#include "networks/modulated/generator.h"

#include <algorithm>

#include "networks/layers.h"
#include "networks/modulated/modulated_norm.h"

namespace florigen::modulated {
namespace {

Convolution same_size(int64_t in, int64_t out) {
  return Convolution(ConvolutionImpl::Shape{in, out, 3, 1, 1});
}

torch::Tensor doubled(const torch::Tensor& images) {
  return at::upsample_nearest2d(images, {2 * images.size(2), 2 * images.size(3)});
}

/// Convolution, modulated norm, ReLU.
class LayerImpl : public torch::nn::Module {
 public:
  LayerImpl(int64_t in, int64_t out, int64_t text)
      : convolution_(register_module("convolution", same_size(in, out))),
        norm_(register_module("norm", ModulatedNorm(out, text))) {}
  torch::Tensor forward(const torch::Tensor& images, const torch::Tensor& text) {
    return at::relu(norm_(convolution_(images), text));
  }

 private:
  Convolution convolution_;
  ModulatedNorm norm_;
};
TORCH_MODULE(Layer);

class ModulatedGenerator : public Generator {
 public:
  explicit ModulatedGenerator(const NetworkOptions& o)
      : text_(register_module("text", Linear(o.text_size, o.projected_text_size))),
        project_(register_module("project", SeedImage(o.noise_size, 8 * o.generator_features))),
        project_norm_(
            register_module("project_norm", ModulatedNorm(8 * o.generator_features, o.projected_text_size))),
        up1_(register_module("up1", layer(o, 8 * o.generator_features, 4 * o.generator_features))),
        up2_(register_module("up2", layer(o, 4 * o.generator_features, 2 * o.generator_features))),
        up3_(register_module("up3", layer(o, 2 * o.generator_features, o.generator_features))),
        up4_(register_module("up4", layer(o, o.generator_features, last_features(o)))),
        image_(register_module("image", same_size(last_features(o), 3))) {}

  torch::Tensor forward(const torch::Tensor& noise, const torch::Tensor& text) override {
    const torch::Tensor projected = text_(text);
    torch::Tensor x = at::relu(project_norm_(project_(noise), projected));
    x = up1_(doubled(x), projected);
    x = up2_(doubled(x), projected);
    x = up3_(doubled(x), projected);
    x = up4_(doubled(x), projected);
    return at::tanh(image_(x));
  }

 private:
  static Layer layer(const NetworkOptions& o, int64_t in, int64_t out) {
    return Layer(in, out, o.projected_text_size);
  }
  static int64_t last_features(const NetworkOptions& o) {
    return std::max<int64_t>(1, o.generator_features / 2);
  }

  Linear text_;
  SeedImage project_;
  ModulatedNorm project_norm_;
  Layer up1_;
  Layer up2_;
  Layer up3_;
  Layer up4_;
  Convolution image_;
};

}  // namespace

std::shared_ptr<Generator> make_generator(const NetworkOptions& options) {
  return std::make_shared<ModulatedGenerator>(options);
}

}  // namespace florigen::modulated
