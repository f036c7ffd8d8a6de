// Whole steps in float64 against the PyTorch oracle: of a GAN every objective, both pairings, all families,
// the contrastive term, the guide, also with a text encoder that learns; of text encoders every network, both
// objectives and both optimizers; of the feature network all heads.

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "support/digest.h"
#include "support/parity.h"
#include "support/step_case.h"

namespace florigen::testing {
namespace {

/// DESIGN section 7: |difference| <= 1e-9 max(1, |p|).
constexpr Tolerance kWhole{1e-9, 1e-9};
/// Moments are as small as 1e-8, where 1e-9 would see nothing: these are held against the size of their own
/// tensor. Measured on the CPU: of Adam's below 1e-12 of it.
constexpr double kMomentError = 1e-9;
/// What rounding alone leaves of a gradient that is zero in exact arithmetic (a bias before batch norm).
constexpr double kRounding = 1e-15;

bool is_moment(const std::string& name) {
  return name.find(".exp_avg") != std::string::npos || name.find(".mean_square") != std::string::npos;
}

Tolerance bound_of(const std::string& name, const torch::Tensor& digest, int64_t elements) {
  if (!is_moment(name)) return kWhole;
  const double size = std::sqrt(digest[4].item<double>() / static_cast<double>(elements));
  return {kMomentError, kMomentError * size + kRounding};
}

class StepParity : public ::testing::TestWithParam<std::string> {
 protected:
  void compare(const Trainer& trainer, const std::string& digests) const {
    const std::vector<std::string> names = fixture_.lines("names");
    const torch::Tensor expected = fixture_.tensor(digests);
    for (size_t i = 0; i < names.size(); ++i) {
      const torch::Tensor actual = state_tensor(trainer, names[i]);
      const torch::Tensor row = expected[static_cast<int64_t>(i)];
      EXPECT_TRUE(matches_digest(actual, row, bound_of(names[i], row, actual.numel()))) << names[i];
    }
  }

  Fixture fixture_{GetParam()};
};

TEST_P(StepParity, EveryTensorOfTheState) {
  const std::unique_ptr<Trainer> made = make_trainer(fixture_);
  Trainer& trainer = *made;
  const std::vector<std::string> expected = fixture_.lines("names");
  const std::vector<std::string> actual = state_names(trainer);
  ASSERT_EQ(std::set<std::string>(actual.begin(), actual.end()),
            std::set<std::string>(expected.begin(), expected.end()));
  if (fixture_.has("initial.digests")) compare(trainer, "initial.digests");
  run_all(trainer, plan_of(fixture_));
  compare(trainer, "digests");
  for (const std::string& name : fixture_.names("state.")) {
    EXPECT_TRUE(matches(state_tensor(trainer, name.substr(6)), fixture_.tensor(name), kWhole)) << name;
  }
}

std::string test_name(const ::testing::TestParamInfo<std::string>& info) {
  std::string name = info.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Gan, StepParity, ::testing::ValuesIn(fixtures_named("steps-")), test_name);
INSTANTIATE_TEST_SUITE_P(FineTuning, StepParity, ::testing::ValuesIn(fixtures_named("fine-tuned-steps-")),
                         test_name);
INSTANTIATE_TEST_SUITE_P(Encoder, StepParity, ::testing::ValuesIn(fixtures_named("encoder-steps-")),
                         test_name);
INSTANTIATE_TEST_SUITE_P(Features, StepParity, ::testing::ValuesIn(fixtures_named("feature-steps")),
                         test_name);

TEST(StepParity, TheCasesCoverFamiliesObjectivesAndPairings) {
  std::set<std::string> seen;
  for (const std::string& name : fixtures_named("steps-")) {
    const Fixture fixture(name);
    seen.insert(fixture.text("family") + " " + fixture.text("pairing") + " " + fixture.text("cls_weight") +
                " " + fixture.text("interpolation_weight"));
  }
  for (const std::string family : {"reed2016", "dcgan"}) {
    for (const std::string pairing : {" authors", " paper"}) {
      for (const std::string weights : {" 0.0 0.0", " 0.5 0.0", " 0.0 1.0", " 0.5 1.0"}) {
        EXPECT_EQ(seen.count(family + pairing + weights), 1u) << family << pairing << weights;
      }
    }
  }
}

TEST(StepParity, TheCasesCoverTheContrastiveTermAndTextAtEveryLevel) {
  std::set<std::string> seen;
  for (const std::string prefix : {"steps-", "fine-tuned-steps-"}) {
    for (const std::string& name : fixtures_named(prefix)) {
      const Fixture fixture(name);
      const bool contrastive = fixture.number("contrastive_weight") > 0;
      EXPECT_EQ(fixture.has("plan.class"), contrastive || fixture.number("guide_weight") > 0) << name;
      seen.insert(prefix + fixture.text("family") + (contrastive ? " contrastive" : ""));
    }
  }
  for (const std::string one :
       {"steps-reed2016 contrastive", "steps-dcgan contrastive", "steps-modulated contrastive",
        "steps-modulated", "fine-tuned-steps-modulated contrastive"}) {
    EXPECT_EQ(seen.count(one), 1u) << one;
  }
}

TEST(StepParity, TheCasesCoverTheGuide) {
  std::set<std::string> seen;
  for (const std::string prefix : {"steps-", "fine-tuned-steps-"}) {
    for (const std::string& name : fixtures_named(prefix)) {
      const Fixture fixture(name);
      if (fixture.number("guide_weight") == 0) continue;
      const std::string kind = prefix + fixture.text("family") + " " + fixture.text("pairing");
      seen.insert(kind + (fixture.number("contrastive_weight") > 0 ? " contrastive " : " ") +
                  fixture.text("guide_input_size"));
    }
  }
  // The eyes see the pictures as they are, shrunk and enlarged.
  for (const std::string one : {"steps-reed2016 paper 64", "steps-modulated authors contrastive 64",
                                "steps-dcgan authors 48", "fine-tuned-steps-dcgan paper 80"}) {
    EXPECT_EQ(seen.count(one), 1u) << one;
  }
}

TEST(StepParity, CountersAreIntegersAndTheRestKeepsItsDtype) {
  const GanTrainer trainer(options_of(Fixture("steps-dcgan-gan-int-cls-authors"), "float32"));
  for (const TensorInfo& info : trainer.manifest()) {
    const bool integer = info.name.find("num_batches_tracked") != std::string::npos ||
                         info.name == "progress.step" || info.name == "progress.metric_counts";
    const std::string expected = integer ? "I64" : info.name == "progress.metric_sums" ? "F64" : "F32";
    EXPECT_EQ(info.dtype, expected) << info.name;
  }
}

}  // namespace
}  // namespace florigen::testing
