#pragma once

#include "binding/option_reader.h"
#include "networks/text/text_network_options.h"
#include "training/text_encoder_trainer.h"

namespace florigen::binding {

/// Reads a NativeTextNetworkOptions (ts/native/addon.ts). Kinds only: which names and sizes exist is the
/// network's own knowledge.
TextNetworkOptions read_text_network_options(OptionReader reader);

/// Reads a NativeTextEncoderOptions.
TextEncoderOptions read_text_encoder_options(Napi::Value value);

}  // namespace florigen::binding
