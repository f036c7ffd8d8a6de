#include "networks/dcgan/generator.h"

#include "networks/layers.h"

namespace florigen::dcgan {
namespace {

class DcganGenerator : public Generator {
 public:
  explicit DcganGenerator(const NetworkOptions& o)
      : text_(register_module("text", Linear(o.text_size, o.projected_text_size))),
        text_norm_(register_module("text_norm", BatchNorm(o.projected_text_size))),
        project_(register_module("project",
                                 SeedImage(o.noise_size + o.projected_text_size, 8 * o.generator_features))),
        project_norm_(register_module("project_norm", BatchNorm(8 * o.generator_features))),
        up1_(register_module("up1", Upsampling(8 * o.generator_features, 4 * o.generator_features))),
        up1_norm_(register_module("up1_norm", BatchNorm(4 * o.generator_features))),
        up2_(register_module("up2", Upsampling(4 * o.generator_features, 2 * o.generator_features))),
        up2_norm_(register_module("up2_norm", BatchNorm(2 * o.generator_features))),
        up3_(register_module("up3", Upsampling(2 * o.generator_features, o.generator_features))),
        up3_norm_(register_module("up3_norm", BatchNorm(o.generator_features))),
        up4_(register_module("up4", Upsampling(o.generator_features, 3))) {}

  torch::Tensor forward(const torch::Tensor& noise, const torch::Tensor& text) override {
    const torch::Tensor projected = leaky_rectify(text_norm_(text_(text)));
    torch::Tensor x = at::relu(project_norm_(project_(at::cat({noise, projected}, 1))));
    x = at::relu(up1_norm_(up1_(x)));
    x = at::relu(up2_norm_(up2_(x)));
    x = at::relu(up3_norm_(up3_(x)));
    return at::tanh(up4_(x));
  }

 private:
  Linear text_;
  BatchNorm text_norm_;
  SeedImage project_;
  BatchNorm project_norm_;
  Upsampling up1_;
  BatchNorm up1_norm_;
  Upsampling up2_;
  BatchNorm up2_norm_;
  Upsampling up3_;
  BatchNorm up3_norm_;
  Upsampling up4_;
};

}  // namespace

std::shared_ptr<Generator> make_generator(const NetworkOptions& options) {
  return std::make_shared<DcganGenerator>(options);
}

}  // namespace florigen::dcgan
