#include "binding/gan_trainer_functions.h"

#include "binding/create_handle.h"
#include "binding/read_gan_options.h"
#include "binding/sample_request.h"
#include "training/gan_trainer.h"

namespace florigen::binding {
namespace {

std::shared_ptr<GanTrainer> require_gan(const Handle<Trainer>& handle, Napi::Value value) {
  auto gan = std::dynamic_pointer_cast<GanTrainer>(handle.object);
  if (!gan) refuse_value("trainer", "a handle from createGanTrainer", value);
  return gan;
}

}  // namespace

// createGanTrainer(options: NativeGanOptions): Promise<GanTrainerHandle>;
Napi::Value create_gan_trainer(const Napi::CallbackInfo& info) {
  auto options = read_gan_options(info[0]);
  const auto text_size = options.network.text_size;
  return create_handle<Trainer, GanTrainer>(info.Env(), std::move(options), text_size);
}

// ganTrainerSample(trainer: GanTrainerHandle, sentences: Float32Array, seeds: Uint32Array):
// Promise<Uint8Array>;
Napi::Value gan_trainer_sample(const Napi::CallbackInfo& info) {
  const auto handle = usable_handle<Trainer>(info[0]);
  return submit_job(
      info.Env(), JobQueue::Order::kBetweenSteps,
      [gan = require_gan(*handle, info[0]),
       request = read_sample_request(info[1], info[2], handle->text_size)] {
        return gan->sample(request.sentences.data(), request.seeds);
      },
      to_js_images);
}

}  // namespace florigen::binding
