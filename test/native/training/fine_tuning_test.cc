// What moves a text encoder that is fine-tuned, and what is refused; its numbers: parity/steps_test.cc.

#include <gtest/gtest.h>

#include <cstring>
#include <limits>

#include "core/error.h"
#include "data/gan_plan.h"
#include "support/step_case.h"

namespace florigen {
namespace {

using testing::Fixture;

const Fixture& fine_tuned_fixture() {
  static const Fixture instance("fine-tuned-steps-reed2016-everything-paper-word");
  return instance;
}

/// The first update of a kind of the fixture's plan, and nothing else.
Plan plan_of_one(UpdateKind kind) {
  Plan plan = testing::plan_of(fine_tuned_fixture());
  plan.updates = {static_cast<int32_t>(kind), 0, plan.updates[2]};
  plan.step_start = {0, 1};
  return plan;
}

/// Names of the state that one update moves and that begin so.
std::vector<std::string> moved_by(UpdateKind kind, const std::string& prefix) {
  const auto before = testing::make_trainer(fine_tuned_fixture());
  const auto after = testing::make_trainer(fine_tuned_fixture());
  testing::run_all(*after, plan_of_one(kind));
  std::vector<std::string> moved;
  for (const std::string& name : testing::differing_tensors(*before, *after)) {
    if (name.rfind(prefix, 0) == 0) moved.push_back(name);
  }
  return moved;
}

std::string refusal_of(const GanOptions& options) {
  try {
    const GanTrainer trainer(options);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kUsage);
    return error.what();
  }
  return "";
}

TEST(FineTuning, TheDiscriminatorsUpdateMovesEveryWeight) {
  const auto trainer = testing::make_trainer(fine_tuned_fixture());
  std::vector<std::string> all;
  for (const std::string& name : testing::state_names(*trainer)) {
    // All but the bias that the discriminator's batch norm takes out again.
    if (name.rfind("textEncoder.", 0) == 0 && name != "textEncoder.emb_proj.bias") all.push_back(name);
  }
  std::vector<std::string> moved = moved_by(UpdateKind::kDiscriminator, "textEncoder.");
  moved.erase(std::remove(moved.begin(), moved.end(), "textEncoder.emb_proj.bias"), moved.end());
  EXPECT_GT(all.size(), 8U);
  EXPECT_EQ(moved, all);
}

TEST(FineTuning, TheGeneratorsUpdateMovesNothingOfIt) {
  EXPECT_EQ(moved_by(UpdateKind::kGenerator, "textEncoder."), std::vector<std::string>{});
  EXPECT_EQ(moved_by(UpdateKind::kGenerator, "adam.textEncoder."), std::vector<std::string>{});
  EXPECT_NE(moved_by(UpdateKind::kGenerator, "generator."), std::vector<std::string>{});
}

TEST(FineTuning, TheFakesDoNotReachIt) {
  // Other noise, other fakes: the discriminator sees them, the encoder does not.
  const auto one = testing::make_trainer(fine_tuned_fixture());
  const auto other = testing::make_trainer(fine_tuned_fixture());
  const std::vector<uint8_t> bytes = one->read_state("generator.up1.weight");
  std::vector<uint8_t> zeros(bytes.size(), 0);
  other->write_state("generator.up1.weight", zeros.data(), zeros.size());
  const Plan plan = plan_of_one(UpdateKind::kDiscriminator);
  testing::run_all(*one, plan);
  testing::run_all(*other, plan);
  bool discriminator_differs = false;
  for (const std::string& name : testing::differing_tensors(*one, *other)) {
    EXPECT_NE(name.rfind("textEncoder.", 0), 0U) << name;
    EXPECT_NE(name.rfind("adam.textEncoder.", 0), 0U) << name;
    discriminator_differs = discriminator_differs || name.rfind("adam.discriminator.exp_avg.", 0) == 0;
  }
  EXPECT_TRUE(discriminator_differs);
}

TEST(FineTuning, AnUpdateThatIsNotFiniteLeavesBothNetworksAlone) {
  const auto trainer = testing::make_trainer(fine_tuned_fixture());
  const double nan = std::numeric_limits<double>::quiet_NaN();
  std::vector<uint8_t> bytes = trainer->read_state("textEncoder.emb_proj.weight");
  std::memcpy(bytes.data(), &nan, sizeof nan);
  trainer->write_state("textEncoder.emb_proj.weight", bytes.data(), bytes.size());
  std::map<std::string, std::vector<uint8_t>> before;
  for (const std::string& name : testing::state_names(*trainer)) before[name] = trainer->read_state(name);
  EXPECT_THROW(testing::run_all(*trainer, plan_of_one(UpdateKind::kDiscriminator)), Error);
  for (const auto& [name, value] : before) EXPECT_EQ(trainer->read_state(name), value) << name;
}

TEST(FineTuning, InBfloat16TheUpdatesStayFinite) {
  GanOptions options = testing::options_of(fine_tuned_fixture(), "float32");
  options.network.machine.precision = "bf16";
  options.fine_tuning->network.machine.precision = "bf16";
  GanTrainer trainer(options);
  testing::write_text_encoder(trainer, fine_tuned_fixture(), options);
  testing::run_all(trainer, testing::plan_of(fine_tuned_fixture()));
}

TEST(FineTuning, WhatDoesNotFitIsRefusedByName) {
  const GanOptions good = testing::options_of(fine_tuned_fixture());
  GanOptions both = good;
  both.sentence_embeddings = Fixture("data").ref("sentence");
  EXPECT_NE(refusal_of(both).find("sentenceEmbeddings"), std::string::npos);
  GanOptions neither = good;
  neither.fine_tuning.reset();
  EXPECT_NE(refusal_of(neither).find("sentenceEmbeddings"), std::string::npos);
  GanOptions narrow = good;
  narrow.fine_tuning->network.embedding_size = 15;
  EXPECT_NE(refusal_of(narrow).find("network.textSize"), std::string::npos);
  GanOptions longer = good;
  longer.fine_tuning->network.length += 1;
  EXPECT_NE(refusal_of(longer).find("fineTuning.network.length"), std::string::npos);
  GanOptions other_dtype = good;
  other_dtype.fine_tuning->network.machine.dtype = "float32";
  EXPECT_NE(refusal_of(other_dtype).find("fineTuning.network.dtype"), std::string::npos);
  GanOptions fewer_words = good;
  fewer_words.fine_tuning->network.vocabulary_size = 5;
  EXPECT_NE(refusal_of(fewer_words).find("tokens"), std::string::npos);
}

TEST(FineTuning, APlanWithoutItsLearningRateIsRefused) {
  const auto trainer = testing::make_trainer(fine_tuned_fixture());
  Plan plan = testing::plan_of(fine_tuned_fixture());
  plan.values.erase(kEncoderLearningRate);
  EXPECT_THROW(testing::run_all(*trainer, plan), Error);
}

}  // namespace
}  // namespace florigen
