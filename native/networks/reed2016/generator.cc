#include "networks/reed2016/generator.h"

#include "networks/layers.h"
#include "networks/reed2016/residual_block.h"

namespace florigen::reed2016 {
namespace {

torch::Tensor rectify(const torch::Tensor& values) { return at::relu(values); }

class Reed2016Generator : public Generator {
 public:
  explicit Reed2016Generator(const NetworkOptions& o)
      : text_(register_module("text", Linear(o.text_size, o.projected_text_size))),
        project_(register_module("project",
                                 SeedImage(o.noise_size + o.projected_text_size, 8 * o.generator_features))),
        project_norm_(register_module("project_norm", BatchNorm(8 * o.generator_features))),
        residual1_(register_module("residual1", block(8 * o.generator_features, 2 * o.generator_features))),
        up1_(register_module("up1", Upsampling(8 * o.generator_features, 4 * o.generator_features))),
        up1_norm_(register_module("up1_norm", BatchNorm(4 * o.generator_features))),
        residual2_(register_module("residual2", block(4 * o.generator_features, o.generator_features))),
        up2_(register_module("up2", Upsampling(4 * o.generator_features, 2 * o.generator_features))),
        up2_norm_(register_module("up2_norm", BatchNorm(2 * o.generator_features))),
        up3_(register_module("up3", Upsampling(2 * o.generator_features, o.generator_features))),
        up3_norm_(register_module("up3_norm", BatchNorm(o.generator_features))),
        up4_(register_module("up4", Upsampling(o.generator_features, 3))) {}

  torch::Tensor forward(const torch::Tensor& noise, const torch::Tensor& text) override {
    torch::Tensor x = at::cat({noise, leaky_rectify(text_(text))}, 1);
    x = project_norm_(project_(x));
    x = rectify(residual1_(x));
    x = up1_norm_(up1_(x));
    x = rectify(residual2_(x));
    x = rectify(up2_norm_(up2_(x)));
    x = rectify(up3_norm_(up3_(x)));
    return at::tanh(up4_(x));
  }

 private:
  static ResidualBlock block(int64_t channels, int64_t bottleneck) {
    return ResidualBlock(ResidualBlockImpl::Shape{channels, bottleneck}, rectify);
  }

  Linear text_;
  SeedImage project_;
  BatchNorm project_norm_;
  ResidualBlock residual1_;
  Upsampling up1_;
  BatchNorm up1_norm_;
  ResidualBlock residual2_;
  Upsampling up2_;
  BatchNorm up2_norm_;
  Upsampling up3_;
  BatchNorm up3_norm_;
  Upsampling up4_;
};

}  // namespace

std::shared_ptr<Generator> make_generator(const NetworkOptions& options) {
  return std::make_shared<Reed2016Generator>(options);
}

}  // namespace florigen::reed2016
