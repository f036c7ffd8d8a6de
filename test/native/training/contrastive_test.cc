// What moves the head of the contrastive term, and what is refused; its numbers: parity/steps_test.cc.

#include <gtest/gtest.h>

#include "data/gan_plan.h"
#include "support/expect_usage.h"
#include "support/step_case.h"

namespace florigen {
namespace {

using testing::Fixture;

const Fixture& contrastive_fixture() {
  static const Fixture instance("steps-reed2016-contrastive-authors");
  return instance;
}

/// Names of the state that the first update of a kind moves and that hold `part`.
std::vector<std::string> moved_by_one(UpdateKind kind, const std::string& part) {
  const GanTrainer before(testing::options_of(contrastive_fixture()));
  GanTrainer after(testing::options_of(contrastive_fixture()));
  Plan plan = testing::plan_of(contrastive_fixture());
  plan.updates = {static_cast<int32_t>(kind), 0, plan.updates[2]};
  plan.step_start = {0, 1};
  testing::run_all(after, plan);
  std::vector<std::string> moved;
  for (const std::string& name : testing::differing_tensors(before, after)) {
    if (name.find(part) != std::string::npos) moved.push_back(name);
  }
  return moved;
}

TEST(Contrastive, OnlyTheDiscriminatorsUpdateMovesTheHead) {
  // Three weights, their two moments, and Adam's counter.
  EXPECT_EQ(moved_by_one(UpdateKind::kDiscriminator, "contrastive.").size(), 10U);
  EXPECT_EQ(moved_by_one(UpdateKind::kGenerator, "contrastive."), std::vector<std::string>{});
  EXPECT_NE(moved_by_one(UpdateKind::kGenerator, "generator."), std::vector<std::string>{});
}

TEST(Contrastive, AtWeight0ThereIsNoHead) {
  GanOptions options = testing::options_of(contrastive_fixture());
  options.objective.contrastive.weight = 0;
  GanTrainer trainer(options);
  for (const std::string& name : testing::state_names(trainer)) {
    EXPECT_EQ(name.find("contrastive"), std::string::npos) << name;
  }
  Plan plan = testing::plan_of(contrastive_fixture());
  plan.columns.erase(kClass);
  testing::run_all(trainer, plan);
}

TEST(Contrastive, WhatDoesNotFitIsRefusedByName) {
  GanOptions options = testing::options_of(contrastive_fixture());
  options.objective.contrastive.temperature = 0;
  testing::expect_usage("contrastive.temperature", [&] { const GanTrainer trainer(options); });
  GanTrainer trainer(testing::options_of(contrastive_fixture()));
  Plan plan = testing::plan_of(contrastive_fixture());
  plan.columns.erase(kClass);
  testing::expect_usage("`plan.columns.class` must be a column, but is absent instead",
                        [&] { testing::run_all(trainer, plan); });
}

TEST(Contrastive, InBfloat16TheUpdatesStayFinite) {
  GanOptions options = testing::options_of(contrastive_fixture(), "float32");
  options.network.machine.precision = "bf16";
  GanTrainer trainer(options);
  testing::run_all(trainer, testing::plan_of(contrastive_fixture()));
}

}  // namespace
}  // namespace florigen
