#include "binding/gan_trainer_functions.h"

#include <utility>

#include "binding/create_handle.h"
#include "binding/option_reader.h"
#include "binding/read_gan_options.h"
#include "binding/read_plan.h"
#include "binding/run_progress.h"
#include "binding/sample_request.h"
#include "binding/tensor_access.h"

namespace florigen::binding {
namespace {

struct RunRange {
  int64_t first;
  int64_t last;
  int64_t job_id;
};

RunRange read_run_range(Napi::Value value) {
  OptionReader reader(value, "range", "range.");
  const RunRange range{reader.count("first"), reader.count("last"), reader.count("jobId")};
  reader.refuse_unknown_keys();
  return range;
}

Napi::Value to_js_run_result(Napi::Env env, const RunResult& run) {
  auto result = Napi::Object::New(env);
  result.Set("nextStep", Napi::Number::New(env, static_cast<double>(run.next_step)));
  result.Set("globalStep", Napi::Number::New(env, static_cast<double>(run.global_step)));
  result.Set("cancelled", Napi::Boolean::New(env, run.cancelled));
  return result;
}

// The work of a run, on the engine thread.
auto run_work(std::shared_ptr<GanTrainer> trainer, Plan plan, RunRange range, CancelFlag cancel,
              JobQueue& queue, ProgressReporter progress) {
  return [trainer = std::move(trainer), plan = std::move(plan), range, cancel = std::move(cancel), &queue,
          progress = std::move(progress)]() mutable {
    const auto should_stop = [&] {
      queue.run_between_steps();
      return *cancel || queue.stop_requested();
    };
    return trainer->run(plan, range.first, range.last, should_stop,
                        [&progress](const RunProgress& step) { progress.report(step); });
  };
}

}  // namespace

// createGanTrainer(options: NativeGanOptions): Promise<GanTrainerHandle>;
Napi::Value create_gan_trainer(const Napi::CallbackInfo& info) {
  auto options = read_gan_options(info[0]);
  const auto text_size = options.network.text_size;
  return create_handle<GanTrainer>(info.Env(), std::move(options), text_size);
}

// ganTrainerManifest(trainer: GanTrainerHandle): NativeTensorInfo[];
Napi::Value gan_trainer_manifest(const Napi::CallbackInfo& info) {
  return to_js_manifest(info.Env(), usable_handle<GanTrainer>(info[0])->manifest);
}

// ganTrainerReadState(trainer: GanTrainerHandle, name: string): Promise<ArrayBuffer>;
Napi::Value gan_trainer_read_state(const Napi::CallbackInfo& info) {
  const auto handle = usable_handle<GanTrainer>(info[0]);
  return submit_job(
      info.Env(), JobQueue::Order::kBetweenSteps,
      [object = handle->object, name = read_tensor_name(info[1], handle->manifest)] {
        return object->read_state(name);
      },
      to_array_buffer);
}

// ganTrainerWriteState(trainer: GanTrainerHandle, name: string, bytes: Uint8Array): Promise<void>;
Napi::Value gan_trainer_write_state(const Napi::CallbackInfo& info) { return write_tensor<GanTrainer>(info); }

// ganTrainerRun(
//   trainer: GanTrainerHandle,
//   plan: NativePlan,
//   range: { first: number; last: number; jobId: number },
//   onProgress: (progress: NativeRunProgress) => void,
// ): Promise<NativeRunResult>;
Napi::Value gan_trainer_run(const Napi::CallbackInfo& info) {
  const auto handle = usable_handle<GanTrainer>(info[0]);
  refuse_while_running(*handle);
  auto plan = read_plan(info[1]);
  const auto range = read_run_range(info[2]);
  if (!info[3].IsFunction()) refuse_value("onProgress", "a function", info[3]);
  auto& session = Session::of(info.Env());
  auto& queue = session.engine()->queue();
  const auto cancel = session.add_cancel_flag(range.job_id);
  handle->running = true;
  PendingJob pending{Napi::Promise::Deferred::New(info.Env()),
                     [handle, &session, job_id = range.job_id] {
                       handle->running = false;
                       session.remove_cancel_flag(job_id);
                     },
                     Napi::Persistent(info[3].As<Napi::Function>()),
                     {}};
  return submit_pending_job(
      session, JobQueue::Order::kInTurn, std::move(pending),
      [&](Session::JobKey key) {
        return run_work(handle->object, std::move(plan), range, cancel, queue,
                        ProgressReporter(session, key, cancel));
      },
      to_js_run_result);
}

// ganTrainerSample(trainer: GanTrainerHandle, sentences: Float32Array, seeds: Uint32Array):
// Promise<Uint8Array>;
Napi::Value gan_trainer_sample(const Napi::CallbackInfo& info) {
  const auto handle = usable_handle<GanTrainer>(info[0]);
  return submit_job(
      info.Env(), JobQueue::Order::kBetweenSteps,
      [object = handle->object, request = read_sample_request(info[1], info[2], handle->text_size)] {
        return object->sample(request.sentences.data(), request.seeds);
      },
      to_js_images);
}

}  // namespace florigen::binding
