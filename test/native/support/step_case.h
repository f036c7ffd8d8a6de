#pragma once

#include <memory>
#include <string>

#include "support/fixture.h"
#include "support/trainer_case.h"
#include "support/trainer_state.h"
#include "training/gan_trainer.h"

namespace florigen::testing {

/// Options of a `steps-*` fixture, in `dtype`, over the images and embeddings of the `data` fixture; of a
/// `fine-tuned-steps-*` fixture, over its own tokens.
GanOptions options_of(const Fixture& fixture, const std::string& dtype = "float64");
/// Writes the initial weights of the text encoder of a `fine-tuned-steps-*` fixture.
void write_text_encoder(Trainer& trainer, const Fixture& fixture, const GanOptions& options);
/// Writes weights and running statistics of the eyes of a guide, each by its name alone.
void write_eyes(Trainer& trainer);
/// A trainer of a fixture's options, or of such that a test has changed, with the weights that are given
/// before the first step: those of the text encoder and of the guide's eyes.
std::unique_ptr<GanTrainer> make_gan(const Fixture& fixture, const GanOptions& options);

}  // namespace florigen::testing
