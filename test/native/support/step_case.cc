#include "support/step_case.h"

#include <cstring>

#include "core/numeric_options.h"
#include "data/gan_plan.h"
#include "support/parity.h"

namespace florigen::testing {

GanOptions options_of(const Fixture& fixture, const std::string& dtype) {
  const Fixture data("data");
  GanOptions options;
  options.network = small_network(fixture.text("family"), dtype);
  options.seed = static_cast<uint32_t>(fixture.number("seed"));
  options.images = data.ref("images");
  options.sentence_embeddings = data.ref("sentence");
  options.objective = {fixture.text("pairing"), fixture.number("cls_weight"),
                       fixture.number("interpolation_weight"), fixture.text("interpolation_beta"),
                       fixture.number("mode_seeking_epsilon")};
  options.augmentation = {fixture.number("translation"), fixture.number("cutout")};
  options.adam = {fixture.number("beta1"), fixture.number("beta2"), fixture.number("adam_epsilon")};
  options.ema_decay = fixture.number("ema_decay");
  return options;
}

Plan plan_of(const Fixture& fixture) {
  const auto values = [&](const std::string& name) {
    const torch::Tensor column = fixture.tensor(name).flatten();
    const int32_t* first = column.const_data_ptr<int32_t>();
    return std::vector<int32_t>(first, first + column.numel());
  };
  Plan plan;
  plan.values = {{kLearningRate, fixture.number("learning_rate")},
                 {kModeSeekingWeight, fixture.number("mode_seeking_weight")}};
  plan.updates = values("plan.updates");
  plan.step_start = values("plan.stepStart");
  plan.row_count = fixture.tensor("plan.image").numel();
  plan.captions_per_image = fixture.tensor("plan.captions").size(1);
  const std::string prefix = "plan.";
  for (const std::string& name : fixture.names(prefix)) {
    if (name != "plan.updates" && name != "plan.stepStart")
      plan.columns[name.substr(prefix.size())] = values(name);
  }
  return plan;
}

void run_steps(GanTrainer& trainer, const Plan& plan, int64_t first, int64_t last) {
  trainer.run(plan, first, last, [] { return false; }, [](const RunProgress&) {});
}

void run_all(GanTrainer& trainer, const Plan& plan) { run_steps(trainer, plan, 0, plan.step_count()); }

torch::Tensor state_tensor(const GanTrainer& trainer, const std::string& name) {
  for (const TensorInfo& info : trainer.manifest()) {
    if (info.name != name) continue;
    torch::Tensor tensor = torch::empty(info.shape, parse_dtype_name(info.dtype));
    const std::vector<uint8_t> bytes = trainer.read_state(name);
    TORCH_CHECK(bytes.size() == tensor.nbytes(), name, " has ", bytes.size(), " bytes");
    std::memcpy(tensor.mutable_data_ptr(), bytes.data(), bytes.size());
    return tensor;
  }
  TORCH_CHECK(false, "the state has no tensor ", name);
}

std::vector<std::string> state_names(const GanTrainer& trainer) {
  std::vector<std::string> names;
  for (const TensorInfo& info : trainer.manifest()) names.push_back(info.name);
  return names;
}

void copy_state(const GanTrainer& from, GanTrainer& to, const std::string& left_out) {
  for (const std::string& name : state_names(from)) {
    if (name == left_out) continue;
    const std::vector<uint8_t> bytes = from.read_state(name);
    to.write_state(name, bytes.data(), bytes.size());
  }
}

std::vector<std::string> differing_tensors(const GanTrainer& a, const GanTrainer& b) {
  std::vector<std::string> differing;
  for (const std::string& name : state_names(a)) {
    if (a.read_state(name) != b.read_state(name)) differing.push_back(name);
  }
  return differing;
}

}  // namespace florigen::testing
