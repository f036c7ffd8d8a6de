#pragma once

#include <string>

#include "support/fixture.h"
#include "support/trainer_case.h"
#include "support/trainer_state.h"
#include "training/gan_trainer.h"

namespace florigen::testing {

/// Options of a `steps-*` fixture, in `dtype`, over the images and embeddings of the `data` fixture.
GanOptions options_of(const Fixture& fixture, const std::string& dtype = "float64");
}  // namespace florigen::testing
