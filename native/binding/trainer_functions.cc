#include "binding/trainer_functions.h"

#include <utility>

#include "binding/option_reader.h"
#include "binding/read_plan.h"
#include "binding/run_progress.h"
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
auto run_work(std::shared_ptr<Trainer> trainer, Plan plan, RunRange range, CancelFlag cancel, JobQueue& queue,
              ProgressReporter progress) {
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

// trainerManifest(trainer: TrainerHandle): NativeTensorInfo[];
Napi::Value trainer_manifest(const Napi::CallbackInfo& info) {
  return to_js_manifest(info.Env(), usable_handle<Trainer>(info[0])->manifest);
}

// trainerReadState(trainer: TrainerHandle, name: string): Promise<ArrayBuffer>;
Napi::Value trainer_read_state(const Napi::CallbackInfo& info) {
  const auto handle = usable_handle<Trainer>(info[0]);
  return submit_job(
      info.Env(), JobQueue::Order::kBetweenSteps,
      [object = handle->object, name = read_tensor_name(info[1], handle->manifest)] {
        return object->read_state(name);
      },
      to_array_buffer);
}

// trainerWriteState(trainer: TrainerHandle, name: string, bytes: Uint8Array): Promise<void>;
Napi::Value trainer_write_state(const Napi::CallbackInfo& info) { return write_tensor<Trainer>(info); }

// trainerRun(
//   trainer: TrainerHandle,
//   plan: NativePlan,
//   range: { first: number; last: number; jobId: number },
//   onProgress: (progress: NativeRunProgress) => void,
// ): Promise<NativeRunResult>;
Napi::Value trainer_run(const Napi::CallbackInfo& info) {
  const auto handle = usable_handle<Trainer>(info[0]);
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

}  // namespace florigen::binding
