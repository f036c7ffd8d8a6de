// The trainer draws from its average, in evaluation mode (what drawing itself must hold:
// networks/drawing_test.cc).

#include <gtest/gtest.h>

#include "core/named_tensor.h"
#include "core/random_tensors.h"
#include "networks/family.h"
#include "support/parity.h"
#include "support/step_case.h"

namespace florigen::testing {
namespace {

constexpr size_t kTextSize = 16;

class Sampling : public ::testing::TestWithParam<std::string> {
 protected:
  Sampling() : fixture_("steps-" + GetParam()), trainer_(options_of(fixture_, "float32")) {
    run_all(trainer_, plan_of(fixture_));
    for (size_t i = 0; i < 2 * kTextSize; ++i) sentences_.push_back(static_cast<float>(i % 7) - 3);
  }
  Fixture fixture_;
  GanTrainer trainer_;
  std::vector<float> sentences_;
};

TEST_P(Sampling, DrawsFromTheAverageInEvaluationMode) {
  const auto generator = make_generator(options_of(fixture_, "float32").network, /*seed=*/0);
  for (const NamedTensor& item : named_tensors(*generator, "ema")) {
    const std::vector<uint8_t> bytes = trainer_.read_state(item.name);
    assign_bytes(item, bytes.data(), bytes.size());
  }
  generator->eval();
  const torch::NoGradGuard no_grad;
  const auto place = generator->parameters()[0].options().requires_grad(false);
  const torch::Tensor text = torch::from_blob(sentences_.data(), {2, kTextSize}, torch::kFloat32).to(place);
  const torch::Tensor images = generator->forward(sample_noise({50, 51}, 6).to(place), text);
  const std::vector<uint8_t> bytes = trainer_.sample(sentences_.data(), {50, 51});
  const torch::Tensor drawn = torch::tensor(at::ArrayRef<uint8_t>(bytes), torch::kInt64).view({2, 64, 64, 3});
  const torch::Tensor expected = images.permute({0, 2, 3, 1}).to(torch::kCPU).add(1).mul(127.5);
  // Half a level of rounding, and what another batch size may change in the last digits of a float.
  EXPECT_LE((drawn - expected).abs().max().item<double>(), 0.51);
}

INSTANTIATE_TEST_SUITE_P(Families, Sampling,
                         ::testing::Values("reed2016-everything-authors", "dcgan-everything-authors",
                                           "modulated-everything-paper"),
                         [](const auto& info) { return info.param.substr(0, info.param.find('-')); });

}  // namespace
}  // namespace florigen::testing
