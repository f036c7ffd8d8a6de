#include "support/step_case.h"

#include "core/named_tensor.h"
#include "networks/text/text_network.h"
#include "support/feature_weights.h"
#include "support/parity.h"

namespace florigen::testing {
namespace {

FineTuningOptions fine_tuning_of(const Fixture& fixture, const NetworkOptions& gan) {
  const auto count = [&fixture](const char* key) { return static_cast<int64_t>(fixture.number(key)); };
  return {{fixture.text("architecture"), count("vocabulary_size"), count("length"), count("convolution_size"),
           gan.text_size, /*dropout=*/0, gan.machine},
          fixture.ref("tokens")};
}

GuideOptions guide_of(const Fixture& fixture, const NetworkOptions& gan) {
  return {{fixture.text("guide_architecture"), static_cast<int64_t>(fixture.number("guide_input_size")),
           /*heads=*/{}, gan.machine},
          {fixture.number("guide_weight"), fixture.number("guide_temperature")},
          fixture.number("guide_critic_weight")};
}

}  // namespace

GanOptions options_of(const Fixture& fixture, const std::string& dtype) {
  const Fixture data("data");
  GanOptions options;
  options.network = small_network(fixture.text("family"), dtype);
  options.seed = static_cast<uint32_t>(fixture.number("seed"));
  options.images = data.ref("images");
  if (fixture.has("tokens")) {
    options.fine_tuning = fine_tuning_of(fixture, options.network);
  } else {
    options.sentence_embeddings = data.ref("sentence");
  }
  if (fixture.number("guide_weight") > 0) options.guide = guide_of(fixture, options.network);
  options.objective = {fixture.text("pairing"),
                       fixture.number("cls_weight"),
                       fixture.number("interpolation_weight"),
                       fixture.text("interpolation_beta"),
                       fixture.number("mode_seeking_epsilon"),
                       {fixture.number("contrastive_weight"), fixture.number("contrastive_temperature")}};
  options.augmentation = {fixture.number("translation"), fixture.number("cutout")};
  options.adam = {fixture.number("beta1"), fixture.number("beta2"), fixture.number("adam_epsilon")};
  options.ema_decay = fixture.number("ema_decay");
  return options;
}

void write_text_encoder(Trainer& trainer, const Fixture& fixture, const GanOptions& options) {
  const auto network =
      text::make_text_network(options.fine_tuning->network, fixture.number("initial_range"), options.seed);
  for (const NamedTensor& weight : named_tensors(*network, "textEncoder")) {
    const std::vector<uint8_t> bytes = tensor_bytes(weight.tensor);
    trainer.write_state(weight.name, bytes.data(), bytes.size());
  }
}

void write_eyes(Trainer& trainer) {
  const std::string prefix = "guide.eyes.";
  for (const TensorInfo& info : trainer.manifest()) {
    if (info.name.rfind(prefix, 0) != 0) continue;
    const std::vector<uint8_t> bytes =
        feature_weight_bytes(info.name.substr(prefix.size()), info.shape, info.dtype);
    trainer.write_state(info.name, bytes.data(), bytes.size());
  }
}

std::unique_ptr<GanTrainer> make_gan(const Fixture& fixture, const GanOptions& options) {
  auto trainer = std::make_unique<GanTrainer>(options);
  if (options.fine_tuning) write_text_encoder(*trainer, fixture, options);
  if (options.guide) write_eyes(*trainer);
  return trainer;
}

}  // namespace florigen::testing
