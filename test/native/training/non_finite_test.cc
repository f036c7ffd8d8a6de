#include <gtest/gtest.h>

#include <cstring>
#include <limits>

#include "core/error.h"
#include "support/step_case.h"

namespace florigen {
namespace {

using testing::Fixture;

// One step of everything at once: mode seeking, augmentation, average.
const Fixture& fixture() {
  static const Fixture instance("steps-reed2016-everything-authors");
  return instance;
}

std::vector<uint8_t> poisoned(std::vector<uint8_t> bytes) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  std::memcpy(bytes.data(), &nan, sizeof nan);
  return bytes;
}

std::map<std::string, std::vector<uint8_t>> whole_state(const GanTrainer& trainer) {
  std::map<std::string, std::vector<uint8_t>> state;
  for (const TensorInfo& info : trainer.manifest()) state[info.name] = trainer.read_state(info.name);
  return state;
}

/// Runs one step that must fail, and returns what the failure says.
std::string failure_of_a_step(GanTrainer& trainer, const Plan& plan) {
  try {
    testing::run_steps(trainer, plan, 0, 1);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kNonFinite);
    return error.what();
  }
  ADD_FAILURE() << "a step over a NaN weight went through";
  return "";
}

TEST(NonFinite, ADiscriminatorUpdateLeavesTheWholeStateAlone) {
  GanTrainer trainer(testing::options_of(fixture()));
  const Plan plan = testing::plan_of(fixture());
  testing::run_steps(trainer, plan, 0, 1);
  const std::string name = "discriminator.score.weight";
  const auto bytes = poisoned(trainer.read_state(name));
  trainer.write_state(name, bytes.data(), bytes.size());
  const auto before = whole_state(trainer);

  const std::string message = failure_of_a_step(trainer, plan);

  EXPECT_NE(message.find("the discriminator update of step 1"), std::string::npos) << message;
  EXPECT_EQ(whole_state(trainer), before);
}

TEST(NonFinite, AHeadThatIsNotFiniteLeavesTheDiscriminatorAloneToo) {
  const Fixture contrastive("steps-modulated-everything-paper");
  GanTrainer trainer(testing::options_of(contrastive));
  const std::string name = "contrastive.text.weight";
  const auto bytes = poisoned(trainer.read_state(name));
  trainer.write_state(name, bytes.data(), bytes.size());
  const auto before = whole_state(trainer);

  const std::string message = failure_of_a_step(trainer, testing::plan_of(contrastive));

  EXPECT_NE(message.find("the discriminator update of step 0"), std::string::npos) << message;
  EXPECT_EQ(whole_state(trainer), before);
}

TEST(NonFinite, AGuideThatIsNotFiniteLeavesTheRunningStatisticsAloneToo) {
  const Fixture guided("steps-reed2016-guide-paper");
  const auto trainer = testing::make_gan(guided, testing::options_of(guided));
  const std::string name = "guide.head.text.weight";
  const auto bytes = poisoned(trainer->read_state(name));
  trainer->write_state(name, bytes.data(), bytes.size());
  const auto before = whole_state(*trainer);

  const std::string message = failure_of_a_step(*trainer, testing::plan_of(guided));

  EXPECT_NE(message.find("the discriminator update of step 0"), std::string::npos) << message;
  // Of the generator, of the discriminator and of the head's own norm, all of which have moved by then.
  EXPECT_EQ(whole_state(*trainer), before);
}

TEST(NonFinite, AGeneratorUpdateKeepsWhatTheDiscriminatorDidBefore) {
  // A plan whose only update is the generator's, so that nothing before it can fail.
  GanTrainer trainer(testing::options_of(fixture()));
  Plan plan = testing::plan_of(fixture());
  plan.updates = {1, 0, plan.updates[2]};
  plan.step_start = {0, 1};
  const std::string name = "generator.up4.weight";
  const auto bytes = poisoned(trainer.read_state(name));
  trainer.write_state(name, bytes.data(), bytes.size());
  const auto before = whole_state(trainer);

  const std::string message = failure_of_a_step(trainer, plan);

  EXPECT_NE(message.find("the generator update of step 0"), std::string::npos) << message;
  EXPECT_NE(message.find("the update was not applied"), std::string::npos) << message;
  EXPECT_EQ(whole_state(trainer), before);
}

TEST(NonFinite, AFailedUpdateCanBeFollowedByAGoodOne) {
  GanTrainer trainer(testing::options_of(fixture()));
  GanTrainer untouched(testing::options_of(fixture()));
  const Plan plan = testing::plan_of(fixture());
  const std::string name = "discriminator.score.weight";
  const auto good = trainer.read_state(name);
  const auto bad = poisoned(good);
  trainer.write_state(name, bad.data(), bad.size());
  failure_of_a_step(trainer, plan);
  trainer.write_state(name, good.data(), good.size());

  testing::run_steps(trainer, plan, 0, 1);
  testing::run_steps(untouched, plan, 0, 1);

  EXPECT_EQ(testing::differing_tensors(trainer, untouched), std::vector<std::string>{});
}

}  // namespace
}  // namespace florigen
