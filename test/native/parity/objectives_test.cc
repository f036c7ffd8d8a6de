// Losses, the mode-seeking and the contrastive term, augmentation and random numbers against PyTorch.

#include "objectives/losses.h"

#include <gtest/gtest.h>
#include <torch/autograd.h>

#include "core/numeric_options.h"
#include "core/random_tensors.h"
#include "objectives/augmentation.h"
#include "objectives/contrastive.h"
#include "support/fixture.h"
#include "support/parity.h"

namespace florigen::testing {
namespace {

class ObjectivesParity : public ::testing::TestWithParam<std::string> {
 protected:
  torch::Tensor read(const std::string& name) const {
    return fixture_.tensor(name).to(parse_device(test_device()), parse_dtype(GetParam()));
  }
  void compare(const std::string& name, const torch::Tensor& loss,
               const std::vector<torch::Tensor>& inputs) const {
    const Tolerance tolerance = tolerance_of(parse_dtype(GetParam()));
    const std::string stem = GetParam() + "." + name;
    EXPECT_TRUE(matches(loss.reshape({1}), fixture_.tensor(stem), tolerance)) << name;
    const auto gradients = torch::autograd::grad({loss}, inputs, {}, /*retain_graph=*/true);
    for (size_t i = 0; i < gradients.size(); ++i) {
      const std::string gradient = stem + ".gradient" + std::to_string(i);
      EXPECT_TRUE(matches(gradients[i], fixture_.tensor(gradient), tolerance)) << gradient;
    }
  }

  Fixture fixture_{"objectives"};
};

TEST_P(ObjectivesParity, BinaryCrossEntropyOfModerateAndExtremeLogits) {
  const torch::Tensor real = read("real").requires_grad_();
  const torch::Tensor mismatched = read("mismatched").requires_grad_();
  const torch::Tensor fake = read("fake").requires_grad_();
  const torch::Tensor loss = loss_against_one(real).mean() + 0.3 * loss_against_zero(mismatched).mean() +
                             0.7 * loss_against_zero(fake).mean();
  compare("discriminator.0.3", loss, {real, mismatched, fake});
}

TEST_P(ObjectivesParity, ModeSeekingTerm) {
  const torch::Tensor images = read("images").requires_grad_();
  const torch::Tensor others = read("others").requires_grad_();
  const torch::Tensor loss = mode_seeking_loss({images, others, read("noise"), read("otherNoise")}, 0.01);
  compare("modeSeeking", loss, {images, others});
}

TEST_P(ObjectivesParity, ContrastiveTermWhereClassesRecur) {
  const torch::Tensor classes = fixture_.tensor("classes").to(parse_device(test_device()));
  // At the last temperature the exponentials are no numbers of float32.
  for (const char* temperature : {"0.5", "0.1", "0.005"}) {
    const torch::Tensor cosines = read("cosines").requires_grad_();
    const torch::Tensor loss = contrastive_loss(cosines, classes, std::stod(temperature));
    compare(std::string("contrastive.") + temperature, loss, {cosines});
  }
}

INSTANTIATE_TEST_SUITE_P(Dtypes, ObjectivesParity, ::testing::Values("float32", "float64"),
                         [](const auto& info) { return info.param; });

/// "name translation cutout kind".
struct AugmentationCase {
  explicit AugmentationCase(const std::string& line) {
    std::istringstream(line) >> name >> translation >> cutout >> kind;
  }
  std::string name, kind;
  double translation = 0, cutout = 0;
};

TEST(AugmentationParity, EveryPolicyForwardAndBackward) {
  const Fixture fixture("augmentation");
  const torch::Tensor stored =
      Fixture("data").tensor("images").narrow(0, 0, 8).narrow(1, 6, 64).narrow(2, 6, 64);
  const torch::Tensor images = stored.permute({0, 3, 1, 2})
                                   .to(parse_device(test_device()), torch::kFloat64)
                                   .mul(2.0 / 255)
                                   .sub(1)
                                   .requires_grad_();
  const auto word = [&](const char* key) { return static_cast<uint32_t>(fixture.number(key)); };
  const StreamId place{word("seed"), Purpose::kAugmentation, word("step"), 4 * word("update") + word("pass"),
                       0};
  const std::vector<std::string> lines = fixture.lines("names");
  const torch::Tensor digests = fixture.tensor("digests");
  for (size_t i = 0; i < lines.size(); ++i) {
    const AugmentationCase one(lines[i]);
    torch::Tensor result = augment(images, {one.translation, one.cutout}, place);
    if (one.kind == "gradient") {
      const torch::Tensor weights = wave(torch::ones({8, 3}, images.options().requires_grad(false)));
      result = torch::autograd::grad({(result * weights).sum()}, {images})[0];
    }
    EXPECT_TRUE(matches_digest(result, digests[static_cast<int64_t>(i)], {1e-12, 1e-12})) << lines[i];
  }
}

TEST(RandomNumberParity, EveryKindFarFromTheOrigin) {
  const Fixture fixture("noise");
  for (const std::string& name : fixture.names()) {
    const size_t dot = name.find('.');
    const auto purpose = static_cast<Purpose>(std::stoi(name.substr(dot + 1)));
    const auto draw = name.substr(0, dot) == "normal" ? normal_rows : uniform_rows;
    const torch::Tensor expected = fixture.tensor(name);
    const std::vector<uint32_t> rows{0, 3, 4000};
    for (size_t i = 0; i < rows.size(); ++i) {
      const torch::Tensor actual = draw({{0xDEADBEEF, purpose, 70000, 5, rows[i]}, 1, 11});
      EXPECT_TRUE(matches(actual[0], expected[static_cast<int64_t>(i)], {1e-14, 1e-15})) << name;
    }
  }
}

}  // namespace
}  // namespace florigen::testing
