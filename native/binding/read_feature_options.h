#pragma once

#include "binding/option_reader.h"
#include "networks/googlenet/feature_network_options.h"

namespace florigen::binding {

/// Reads a NativeFeatureNetworkOptions (ts/native/addon.ts). Kinds only: which names and sizes exist is the
/// network's own knowledge.
FeatureNetworkOptions read_feature_network_options(OptionReader reader);

}  // namespace florigen::binding
