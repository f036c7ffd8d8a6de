#include "networks/modulated/generator.h"

#include <algorithm>

#include "networks/layers.h"
#include "networks/modulated/modulated_norm.h"

namespace florigen::modulated {
namespace {

Convolution same_size(int64_t in, int64_t out) {
  return Convolution(ConvolutionImpl::Shape{in, out, 3, 1, 1});
}

/// Repeating every pixel twice in both directions and then convolving with `weight` [out, in, 3, 3], as one
/// transposed convolution: pixels of one origin meet the sums of the weights that fall on them, 16 products
/// where the two steps take 36 (Karras et al. 2018, their fused layers).
torch::Tensor doubled_and_convolved(const torch::Tensor& images, const torch::Tensor& weight) {
  const torch::Tensor padded = at::constant_pad_nd(weight, {1, 1, 1, 1});  // [out, in, 5, 5]
  const auto shifted = [&padded](int64_t y, int64_t x) { return padded.narrow(2, y, 4).narrow(3, x, 4); };
  const torch::Tensor sums = shifted(0, 0) + shifted(0, 1) + shifted(1, 0) + shifted(1, 1);
  const torch::Tensor kernel =
      sums.flip({2, 3}).transpose(0, 1).contiguous(at::MemoryFormat::ChannelsLast);  // [in, out, 4, 4]
  return at::conv_transpose2d(images, kernel, /*bias=*/{}, /*stride=*/2, /*padding=*/1);
}

/// Twice the side, convolution, modulated norm, ReLU.
class LayerImpl : public torch::nn::Module {
 public:
  LayerImpl(int64_t in, int64_t out, int64_t text)
      : convolution_(register_module("convolution", same_size(in, out))),
        norm_(register_module("norm", ModulatedNorm(out, text))) {}
  torch::Tensor forward(const torch::Tensor& images, const torch::Tensor& text) {
    return at::relu(norm_(doubled_and_convolved(images, convolution_->weight), text));
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
    x = up1_(x, projected);
    x = up2_(x, projected);
    x = up3_(x, projected);
    x = up4_(x, projected);
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
