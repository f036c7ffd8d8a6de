// Every operation of a discriminator supports double backward: a gradient penalty's own gradient against
// central differences, in float64.

#include <gtest/gtest.h>
#include <torch/autograd.h>

#include "core/numeric_options.h"
#include "core/random_tensors.h"
#include "networks/family.h"
#include "support/parity.h"

namespace florigen::testing {
namespace {

constexpr int64_t kRows = 4;

torch::Tensor numbers(uint32_t seed, int64_t columns) {
  return normal_rows({{seed, Purpose::kGeneratorNoise, 0, 0, 0}, kRows, columns})
      .to(parse_device(test_device()));
}

class DoubleBackward : public ::testing::TestWithParam<std::string> {
 protected:
  DoubleBackward() {
    NetworkOptions options = small_network(GetParam(), "float64");
    options.discriminator_features = 2;
    discriminator_ = make_discriminator(options, /*seed=*/3);
    const torch::NoGradGuard no_grad;
    // At the initial deviation of 0.02 second derivatives are too small to be told from rounding.
    for (torch::Tensor& p : discriminator_->parameters()) {
      if (p.dim() == 4) p.mul_(10);
    }
  }

  /// |d logits / d image|^2 + |d logits / d text|^2, as a function of the images and the texts.
  torch::Tensor penalty(const torch::Tensor& images, const torch::Tensor& text) {
    const torch::Tensor logits = discriminator_->head(discriminator_->trunk(images), text);
    const auto slopes =
        torch::autograd::grad({logits.sum()}, {images, text}, {}, true, /*create_graph=*/true);
    return slopes[0].square().sum() + slopes[1].square().sum();
  }

  double penalty_at(const torch::Tensor& images, const torch::Tensor& text) {
    return penalty(images.detach().clone().requires_grad_(), text.detach().clone().requires_grad_())
        .item<double>();
  }

  std::shared_ptr<Discriminator> discriminator_;
};

TEST_P(DoubleBackward, OfThePenaltyEqualsCentralDifferences) {
  const torch::Tensor images = numbers(1, 3 * 64 * 64).view({kRows, 3, 64, 64}).mul(0.3).requires_grad_();
  const torch::Tensor text = numbers(2, 16).requires_grad_();
  std::vector<torch::Tensor> inputs{images, text};
  for (const torch::Tensor& p : discriminator_->parameters()) inputs.push_back(p);
  const auto gradients =
      torch::autograd::grad({penalty(images, text)}, inputs, {}, false, false, /*allow_unused=*/true);

  constexpr double kStep = 1e-6;
  for (size_t i = 0; i < inputs.size(); ++i) {
    if (!gradients[i].defined()) continue;
    // Along the gradient itself the slope is its norm; a wrong direction or size cannot give that.
    const double norm = gradients[i].norm().item<double>();
    const torch::Tensor direction = norm > 0 ? gradients[i] / norm : torch::zeros_like(gradients[i]);
    torch::Tensor values = inputs[i].detach();
    const torch::Tensor original = values.clone();
    values.copy_(original + kStep * direction);
    const double above = penalty_at(images, text);
    values.copy_(original - kStep * direction);
    const double below = penalty_at(images, text);
    values.copy_(original);
    // Rounding of the penalty over the step is near 1e-9; a kink within the step near 1e-5 of the slope.
    EXPECT_NEAR((above - below) / (2 * kStep), norm, 1e-7 + 1e-4 * norm)
        << "input " << i << " " << inputs[i].sizes();
  }
  EXPECT_GT(gradients[0].norm().item<double>(), 1e-3);
}

INSTANTIATE_TEST_SUITE_P(Families, DoubleBackward, ::testing::Values("reed2016", "dcgan"),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace florigen::testing
