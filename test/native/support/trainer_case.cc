#include "support/trainer_case.h"

#include "data/gan_plan.h"
#include "support/number_lists.h"
#include "support/parity.h"
#include "support/step_case.h"

namespace florigen::testing {
namespace {

bool starts_with(const std::string& text, const std::string& start) { return text.rfind(start, 0) == 0; }

std::vector<int32_t> values_of(const Fixture& fixture, const std::string& name) {
  const torch::Tensor column = fixture.tensor(name).flatten();
  const int32_t* first = column.const_data_ptr<int32_t>();
  return {first, first + column.numel()};
}

int64_t count_of(const Fixture& fixture, const char* key) {
  return static_cast<int64_t>(fixture.number(key));
}

OptimizerOptions optimizer_of(const Fixture& fixture) {
  return {fixture.text("optimizer"), fixture.number("beta1"), fixture.number("beta2"),
          fixture.number("epsilon")};
}

std::map<std::string, double> plan_values_of(const Fixture& fixture) {
  const bool fine_tuned = starts_with(fixture.name(), "fine-tuned-steps-");
  if (!fine_tuned && !starts_with(fixture.name(), "steps-")) {
    return {{kLearningRate, fixture.number("learningRate")}};
  }
  std::map<std::string, double> values{{kLearningRate, fixture.number("learning_rate")},
                                       {kModeSeekingWeight, fixture.number("mode_seeking_weight")}};
  if (fine_tuned) values[kEncoderLearningRate] = fixture.number("encoder_learning_rate");
  return values;
}

}  // namespace

TextEncoderOptions encoder_options_of(const Fixture& fixture, const std::string& dtype) {
  TextEncoderOptions options;
  options.network = {fixture.text("architecture"),
                     count_of(fixture, "vocabularySize"),
                     count_of(fixture, "length"),
                     count_of(fixture, "convolutionSize"),
                     count_of(fixture, "embeddingSize"),
                     fixture.number("dropout"),
                     {dtype, test_device(), /*precision=*/"ieee", /*deterministic=*/true}};
  options.seed = static_cast<uint32_t>(fixture.number("seed"));
  options.tokens = fixture.ref("tokens");
  if (fixture.has("features")) options.features = fixture.ref("features");
  options.objective = fixture.text("kind");
  options.joint_embedding = {fixture.text("symmetric") == "true", fixture.number("margin")};
  options.optimizer = optimizer_of(fixture);
  options.initial_range = fixture.number("initialRange");
  options.word_dropout = {fixture.number("wordDropout"), count_of(fixture, "separator")};
  return options;
}

FeatureTrainerOptions feature_options_of(const Fixture& fixture, const std::string& dtype) {
  FeatureTrainerOptions options;
  options.network = {fixture.text("architecture"),
                     count_of(fixture, "inputSize"),
                     numbers_of<int64_t>(fixture.text("heads")),
                     {dtype, test_device(), /*precision=*/"ieee", /*deterministic=*/true}};
  options.seed = static_cast<uint32_t>(fixture.number("seed"));
  options.images = Fixture("data").ref("images");
  options.labels = fixture.ref("labels");
  options.head_weights = numbers_of<double>(fixture.text("weights"));
  options.crop_side = count_of(fixture, "cropSide");
  options.optimizer = optimizer_of(fixture);
  return options;
}

std::unique_ptr<Trainer> make_trainer(const Fixture& fixture, const std::string& dtype,
                                      uint32_t seed_offset) {
  if (starts_with(fixture.name(), "encoder-steps-")) {
    TextEncoderOptions options = encoder_options_of(fixture, dtype);
    options.seed += seed_offset;
    return std::make_unique<TextEncoderTrainer>(options);
  }
  if (starts_with(fixture.name(), "feature-steps")) {
    FeatureTrainerOptions options = feature_options_of(fixture, dtype);
    options.seed += seed_offset;
    return std::make_unique<FeatureTrainer>(options);
  }
  GanOptions options = options_of(fixture, dtype);
  options.seed += seed_offset;
  return make_gan(fixture, options);
}

Plan plan_of(const Fixture& fixture) {
  Plan plan;
  plan.values = plan_values_of(fixture);
  plan.updates = values_of(fixture, "plan.updates");
  plan.step_start = values_of(fixture, "plan.stepStart");
  plan.captions_per_image = fixture.has("plan.captions") ? fixture.tensor("plan.captions").size(1) : 1;
  const std::string prefix = "plan.";
  for (const std::string& name : fixture.names(prefix)) {
    if (name == "plan.updates" || name == "plan.stepStart") continue;
    plan.columns[name.substr(prefix.size())] = values_of(fixture, name);
  }
  const char* of_every_row = plan.columns.count("image") > 0 ? "image" : "caption";
  plan.row_count = static_cast<int64_t>(plan.columns.at(of_every_row).size());
  return plan;
}

}  // namespace florigen::testing
