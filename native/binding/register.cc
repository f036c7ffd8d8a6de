#include "binding/feature_network_functions.h"
#include "binding/gan_trainer_functions.h"
#include "binding/generator_functions.h"
#include "binding/guarded.h"
#include "binding/runtime_functions.h"
#include "binding/session.h"

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
  bind<gan_trainer_manifest>(exports, "ganTrainerManifest");
  bind_promise<gan_trainer_read_state>(exports, "ganTrainerReadState");
  bind_promise<gan_trainer_write_state>(exports, "ganTrainerWriteState");
  bind_promise<gan_trainer_run>(exports, "ganTrainerRun");
  bind_promise<gan_trainer_sample>(exports, "ganTrainerSample");
  bind_promise<create_generator>(exports, "createGenerator");
  bind<generator_manifest>(exports, "generatorManifest");
  bind_promise<generator_write_state>(exports, "generatorWriteState");
  bind_promise<generator_generate>(exports, "generatorGenerate");
  bind_promise<create_feature_network>(exports, "createFeatureNetwork");
  bind<feature_network_manifest>(exports, "featureNetworkManifest");
  bind_promise<feature_network_write_state>(exports, "featureNetworkWriteState");
  bind_promise<feature_network_extract>(exports, "featureNetworkExtract");
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
