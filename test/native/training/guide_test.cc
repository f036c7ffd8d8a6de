// What moves the guide and what it reaches, and what is refused; its numbers: parity/steps_test.cc.

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "data/gan_plan.h"
#include "support/expect_usage.h"
#include "support/step_case.h"

namespace florigen {
namespace {

using testing::Fixture;
using Names = std::vector<std::string>;

const Fixture& guided_fixture() {
  static const Fixture instance("steps-reed2016-guide-critic-paper");
  return instance;
}

std::unique_ptr<GanTrainer> make_guided() {
  return testing::make_gan(guided_fixture(), testing::options_of(guided_fixture()));
}

/// The first update of a kind of the fixture's plan, and nothing else.
Plan plan_of_one(UpdateKind kind) {
  Plan plan = testing::plan_of(guided_fixture());
  plan.updates = {static_cast<int32_t>(kind), 0, plan.updates[2]};
  plan.step_start = {0, 1};
  return plan;
}

Names with_prefix(const Names& names, const std::string& prefix) {
  Names found;
  for (const std::string& name : names) {
    if (name.rfind(prefix, 0) == 0) found.push_back(name);
  }
  std::sort(found.begin(), found.end());
  return found;
}

/// Names of the state that the first update of a kind moves.
Names moved_by_one(UpdateKind kind) {
  const auto before = make_guided();
  const auto after = make_guided();
  testing::run_all(*after, plan_of_one(kind));
  return testing::differing_tensors(*before, *after);
}

/// Names of the state that differ after the same update by two trainers, one of which `change` was done to.
Names differing_after(UpdateKind kind, const std::function<void(GanTrainer&)>& change) {
  const auto one = make_guided();
  const auto other = make_guided();
  change(*other);
  const Names changed = testing::differing_tensors(*one, *other);
  testing::run_all(*one, plan_of_one(kind));
  testing::run_all(*other, plan_of_one(kind));
  Names differing;
  for (const std::string& name : testing::differing_tensors(*one, *other)) {
    if (std::find(changed.begin(), changed.end(), name) == changed.end()) differing.push_back(name);
  }
  return differing;
}

std::function<void(GanTrainer&)> zeros_in(const std::string& name) {
  return [name](GanTrainer& trainer) {
    const std::vector<uint8_t> zeros(trainer.read_state(name).size(), 0);
    trainer.write_state(name, zeros.data(), zeros.size());
  };
}

double metric(const GanTrainer& trainer, GanMetric which, const std::string& table) {
  return testing::state_tensor(trainer, table)[static_cast<int64_t>(which)]
      .to(torch::kFloat64)
      .item<double>();
}

TEST(Guide, TheDiscriminatorsUpdateMovesTheHeadAndItsAdam) {
  const Names moved = moved_by_one(UpdateKind::kDiscriminator);
  Names expected;
  const auto expect_norm = [&expected](const std::string& name) {
    for (const char* part : {"bias", "num_batches_tracked", "running_mean", "running_var", "weight"}) {
      expected.push_back(name + ".norm." + part);
    }
  };
  for (const char* level : {"0", "1", "2"}) {
    const std::string name = std::string("guide.head.critic.") + level;
    expected.push_back(name + ".hidden.weight");
    expect_norm(name);
    expected.push_back(name + ".score.weight");
  }
  expected.insert(expected.end(), {"guide.head.image.bias", "guide.head.image.weight"});
  expect_norm("guide.head");
  expected.insert(expected.end(), {"guide.head.text.bias", "guide.head.text.weight"});
  EXPECT_EQ(with_prefix(moved, "guide."), expected);
  // Two moments of six parameters of the head and of four of each level, and a counter.
  EXPECT_EQ(with_prefix(moved, "adam.guide.head.").size(), 37U);
}

TEST(Guide, TheGeneratorsUpdateMovesNothingOfIt) {
  const Names moved = moved_by_one(UpdateKind::kGenerator);
  EXPECT_EQ(with_prefix(moved, "guide."), Names{});
  EXPECT_EQ(with_prefix(moved, "adam.guide."), Names{});
  EXPECT_NE(with_prefix(moved, "generator."), Names{});
}

TEST(Guide, TheEyesNeverMove) {
  const auto before = make_guided();
  const auto after = make_guided();
  testing::run_all(*after, testing::plan_of(guided_fixture()));
  EXPECT_EQ(with_prefix(testing::differing_tensors(*before, *after), "guide.eyes."), Names{});
  const Names eyes = with_prefix(testing::state_names(*after), "guide.eyes.");
  EXPECT_NE(std::count(eyes.begin(), eyes.end(), "guide.eyes.conv1.bn.running_mean"), 0);
  for (const std::string& name : with_prefix(testing::state_names(*after), "adam.guide.")) {
    EXPECT_EQ(name.rfind("adam.guide.head.", 0), 0U) << name;
  }
}

TEST(Guide, ItsLessonReachesTheHeadAlone) {
  const Names differing = differing_after(UpdateKind::kDiscriminator, zeros_in("guide.eyes.conv1.bn.weight"));
  EXPECT_EQ(std::count(differing.begin(), differing.end(), "guide.head.image.weight"), 1);
  for (const std::string& name : differing) {
    const bool of_head = name.rfind("guide.head.", 0) == 0 || name.rfind("adam.guide.head.", 0) == 0;
    EXPECT_TRUE(of_head || name == "progress.metric_sums") << name;
  }
}

TEST(Guide, ItsJudgementReachesTheGenerator) {
  for (const char* part : {"guide.eyes.conv1.bn.weight", "guide.eyes.conv1.bn.running_mean",
                           "guide.head.norm.running_mean", "guide.head.text.weight",
                           "guide.head.critic.0.norm.running_var", "guide.head.critic.2.score.weight"}) {
    const Names differing = differing_after(UpdateKind::kGenerator, [part](GanTrainer& trainer) {
      // No zeros: those are what some of these begin as.
      torch::Tensor other = testing::state_tensor(trainer, part);
      other = (other * 2 + 1).contiguous();
      trainer.write_state(part, static_cast<const uint8_t*>(other.const_data_ptr()), other.nbytes());
    });
    EXPECT_NE(with_prefix(differing, "adam.generator.exp_avg."), Names{}) << part;
    EXPECT_EQ(with_prefix(differing, "discriminator."), Names{}) << part;
    EXPECT_EQ(with_prefix(differing, "guide."), Names{}) << part;
  }
}

TEST(Guide, ItsWeightsAreTheGeneratorsAlone) {
  for (const bool of_critic : {false, true}) {
    GanOptions heavier = testing::options_of(guided_fixture());
    (of_critic ? heavier.guide->critic_weight : heavier.guide->term.weight) *= 2;
    for (const UpdateKind kind : {UpdateKind::kDiscriminator, UpdateKind::kGenerator}) {
      const auto one = make_guided();
      const auto other = testing::make_gan(guided_fixture(), heavier);
      testing::run_all(*one, plan_of_one(kind));
      testing::run_all(*other, plan_of_one(kind));
      EXPECT_EQ(testing::differing_tensors(*one, *other).empty(), kind == UpdateKind::kDiscriminator);
      for (const GanMetric same : {GanMetric::kGeneratorGuideLoss, GanMetric::kGeneratorCriticLoss}) {
        const std::string sums = "progress.metric_sums";
        EXPECT_EQ(metric(*one, same, sums), metric(*other, same, sums));
      }
    }
  }
}

TEST(Guide, WithoutACriticTheHeadIsAsItWas) {
  GanOptions options = testing::options_of(guided_fixture());
  options.guide->critic_weight = 0;
  const auto trainer = testing::make_gan(guided_fixture(), options);
  const Names all = testing::state_names(*trainer);
  EXPECT_EQ(with_prefix(all, "guide.head.").size(), 9U);
  EXPECT_EQ(with_prefix(all, "guide.head.critic"), Names{});
  testing::run_all(*trainer, testing::plan_of(guided_fixture()));
  EXPECT_EQ(metric(*trainer, GanMetric::kCriticLoss, "progress.metric_counts"), 0);
  EXPECT_EQ(metric(*trainer, GanMetric::kGeneratorCriticLoss, "progress.metric_counts"), 0);
}

TEST(Guide, ItsLossesAreTheLastMetrics) {
  const auto trainer = make_guided();
  testing::run_all(*trainer, plan_of_one(UpdateKind::kDiscriminator));
  EXPECT_EQ(testing::state_tensor(*trainer, "progress.metric_sums").numel(), 17);
  EXPECT_EQ(metric(*trainer, GanMetric::kCriticLoss, "progress.metric_counts"), 1);
  EXPECT_EQ(metric(*trainer, GanMetric::kGeneratorCriticLoss, "progress.metric_counts"), 0);
  EXPECT_EQ(metric(*trainer, GanMetric::kGuideLoss, "progress.metric_counts"), 1);
  EXPECT_EQ(metric(*trainer, GanMetric::kGeneratorGuideLoss, "progress.metric_counts"), 0);
  testing::run_all(*trainer, plan_of_one(UpdateKind::kGenerator));
  EXPECT_EQ(metric(*trainer, GanMetric::kGuideLoss, "progress.metric_counts"), 1);
  EXPECT_EQ(metric(*trainer, GanMetric::kGeneratorGuideLoss, "progress.metric_counts"), 1);
  EXPECT_GT(metric(*trainer, GanMetric::kGuideLoss, "progress.metric_sums"), 0);
  EXPECT_GT(metric(*trainer, GanMetric::kGeneratorGuideLoss, "progress.metric_sums"), 0);
  EXPECT_GT(metric(*trainer, GanMetric::kCriticLoss, "progress.metric_sums"), 0);
  EXPECT_GT(metric(*trainer, GanMetric::kGeneratorCriticLoss, "progress.metric_sums"), 0);
}

TEST(Guide, WithoutItThereIsNoState) {
  GanOptions options = testing::options_of(guided_fixture());
  options.guide.reset();
  const auto trainer = testing::make_gan(guided_fixture(), options);
  for (const std::string& name : testing::state_names(*trainer)) {
    EXPECT_EQ(name.find("guide"), std::string::npos) << name;
  }
  Plan plan = testing::plan_of(guided_fixture());
  plan.columns.erase(kClass);
  testing::run_all(*trainer, plan);
  EXPECT_EQ(metric(*trainer, GanMetric::kGuideLoss, "progress.metric_counts"), 0);
  EXPECT_EQ(metric(*trainer, GanMetric::kGeneratorGuideLoss, "progress.metric_counts"), 0);
}

TEST(Guide, WhatDoesNotFitIsRefusedByName) {
  const GanOptions good = testing::options_of(guided_fixture());
  GanOptions cold = good;
  cold.guide->term.temperature = 0;
  testing::expect_usage("guide.temperature", [&] { const GanTrainer trainer(cold); });
  GanOptions weightless = good;
  weightless.guide->term.weight = 0;
  testing::expect_usage("guide.weight", [&] { const GanTrainer trainer(weightless); });
  GanOptions against = good;
  against.guide->critic_weight = -1;
  testing::expect_usage("guide.criticWeight", [&] { const GanTrainer trainer(against); });
  GanOptions other_dtype = good;
  other_dtype.guide->network.machine.dtype = "float32";
  testing::expect_usage("guide.network.dtype", [&] { const GanTrainer trainer(other_dtype); });
  Plan plan = testing::plan_of(guided_fixture());
  plan.columns.erase(kClass);
  testing::expect_usage("`plan.columns.class` must be a column, but is absent instead",
                        [&] { testing::run_all(*make_guided(), plan); });
}

TEST(Guide, InBfloat16TheUpdatesStayFinite) {
  GanOptions options = testing::options_of(guided_fixture(), "float32");
  options.network.machine.precision = "bf16";
  options.guide->network.machine.precision = "bf16";
  const auto trainer = testing::make_gan(guided_fixture(), options);
  testing::run_all(*trainer, testing::plan_of(guided_fixture()));
}

}  // namespace
}  // namespace florigen
