#pragma once

#include <memory>
#include <string>

#include "support/fixture.h"
#include "training/feature_trainer.h"
#include "training/text_encoder_trainer.h"
#include "training/trainer.h"

namespace florigen::testing {

/// Options of an `encoder-steps-*` fixture.
TextEncoderOptions encoder_options_of(const Fixture& fixture, const std::string& dtype = "float64");
/// Options of a `feature-steps*` fixture, over the images of the `data` fixture.
FeatureTrainerOptions feature_options_of(const Fixture& fixture, const std::string& dtype = "float64");

/// The trainer of a fixture of steps, whatever it trains; `seed_offset` is added to the fixture's seed.
std::unique_ptr<Trainer> make_trainer(const Fixture& fixture, const std::string& dtype = "float64",
                                      uint32_t seed_offset = 0);
/// The plan of any fixture of steps.
Plan plan_of(const Fixture& fixture);

}  // namespace florigen::testing
