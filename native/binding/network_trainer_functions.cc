#include "binding/network_trainer_functions.h"

#include "binding/create_handle.h"
#include "binding/read_feature_options.h"
#include "binding/read_text_options.h"

namespace florigen::binding {

// createTextEncoderTrainer(options: NativeTextEncoderOptions): Promise<TextEncoderTrainerHandle>;
Napi::Value create_text_encoder_trainer(const Napi::CallbackInfo& info) {
  return create_handle<Trainer, TextEncoderTrainer>(info.Env(), read_text_encoder_options(info[0]),
                                                    /*text_size=*/0);
}

// createFeatureTrainer(options: NativeFeatureTrainerOptions): Promise<FeatureTrainerHandle>;
Napi::Value create_feature_trainer(const Napi::CallbackInfo& info) {
  return create_handle<Trainer, FeatureTrainer>(info.Env(), read_feature_trainer_options(info[0]),
                                                /*text_size=*/0);
}

}  // namespace florigen::binding
