#pragma once

#include "binding/option_reader.h"
#include "networks/googlenet/feature_network_options.h"
#include "training/feature_trainer.h"

namespace florigen::binding {

/// Reads a NativeFeatureNetworkOptions (ts/native/addon.ts). Kinds only: which names and sizes exist is the
/// network's own knowledge.
FeatureNetworkOptions read_feature_network_options(OptionReader reader);

/// Reads a NativeFeatureTrainerOptions.
FeatureTrainerOptions read_feature_trainer_options(Napi::Value value);

}  // namespace florigen::binding
