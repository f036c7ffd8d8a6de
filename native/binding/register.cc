#include "binding/feature_network_functions.h"
#include "binding/gan_trainer_functions.h"
#include "binding/generator_functions.h"
#include "binding/guarded.h"
#include "binding/matrix_functions.h"
#include "binding/network_trainer_functions.h"
#include "binding/runtime_functions.h"
#include "binding/session.h"
#include "binding/text_network_functions.h"
#include "binding/trainer_functions.h"

namespace florigen::binding {
namespace {

template <BoundFunction function>
void bind(Napi::Object exports, const char* name) {
  exports.Set(name, Napi::Function::New<guarded<function>>(exports.Env(), name));
}

template <BoundFunction function>
void bind_promise(Napi::Object exports, const char* name) {
  exports.Set(name, Napi::Function::New<guarded_promise<function>>(exports.Env(), name));
}

// The functions of FlorigenAddon (ts/native/addon.ts).
void bind_all(Napi::Object exports) {
  bind<configure_runtime>(exports, "configureRuntime");
  bind_promise<create_gan_trainer>(exports, "createGanTrainer");
  bind<trainer_manifest>(exports, "trainerManifest");
  bind_promise<trainer_read_state>(exports, "trainerReadState");
  bind_promise<trainer_write_state>(exports, "trainerWriteState");
  bind_promise<trainer_run>(exports, "trainerRun");
  bind_promise<gan_trainer_sample>(exports, "ganTrainerSample");
  bind_promise<create_generator>(exports, "createGenerator");
  bind<generator_manifest>(exports, "generatorManifest");
  bind_promise<generator_write_state>(exports, "generatorWriteState");
  bind_promise<generator_generate>(exports, "generatorGenerate");
  bind_promise<create_text_encoder_trainer>(exports, "createTextEncoderTrainer");
  bind_promise<create_feature_trainer>(exports, "createFeatureTrainer");
  bind_promise<create_text_network>(exports, "createTextNetwork");
  bind<text_network_manifest>(exports, "textNetworkManifest");
  bind_promise<text_network_write_state>(exports, "textNetworkWriteState");
  bind_promise<text_network_encode>(exports, "textNetworkEncode");
  bind_promise<create_feature_network>(exports, "createFeatureNetwork");
  bind<feature_network_manifest>(exports, "featureNetworkManifest");
  bind_promise<feature_network_write_state>(exports, "featureNetworkWriteState");
  bind_promise<feature_network_extract>(exports, "featureNetworkExtract");
  bind_promise<covariance_root_of>(exports, "covarianceRoot");
  bind<cancel_job>(exports, "cancelJob");
  bind_promise<dispose_handle>(exports, "disposeHandle");
  bind<stop_engine>(exports, "stopEngine");
}

}  // namespace
}  // namespace florigen::binding

/// The entry of libflorigen.so, called by the loader once per environment. Returns the exports, or null with
/// a JavaScript exception pending.
extern "C" __attribute__((visibility("default"))) napi_value florigen_register(napi_env env,
                                                                               napi_value exports) {
  return Napi::RegisterModule(env, exports, [](Napi::Env napi, Napi::Object object) {
    florigen::binding::Session::start(napi);
    florigen::binding::bind_all(object);
    return object;
  });
}
