#pragma once

#include "binding/option_reader.h"
#include "networks/network_options.h"

namespace florigen::binding {

/// Reads a NativeNetworkOptions (ts/native/addon.ts). Kinds only: which names and sizes exist is the
/// networks' own knowledge.
NetworkOptions read_network_options(OptionReader reader);

}  // namespace florigen::binding
