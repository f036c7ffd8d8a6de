#include "support/step_case.h"

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

}  // namespace florigen::testing
