#include "binding/run_progress.h"

#include <utility>

namespace florigen::binding {
namespace {

constexpr std::chrono::milliseconds kInterval{100};

Napi::Object to_js_progress(Napi::Env env, const RunProgress& progress) {
  auto result = Napi::Object::New(env);
  result.Set("nextStep", Napi::Number::New(env, static_cast<double>(progress.next_step)));
  result.Set("globalStep", Napi::Number::New(env, static_cast<double>(progress.global_step)));
  auto losses = Napi::Object::New(env);
  for (const NamedLoss& loss : progress.losses) losses.Set(loss.name, Napi::Number::New(env, loss.value));
  result.Set("losses", losses);
  return result;
}

}  // namespace

ProgressReporter::ProgressReporter(Session& session, Session::JobKey key, CancelFlag cancel)
    : session_(&session),
      key_(key),
      cancel_(std::move(cancel)),
      on_its_way_(std::make_shared<std::atomic<bool>>(false)) {}

void ProgressReporter::report(const RunProgress& progress) {
  const auto now = Clock::now();
  if (now < next_ || on_its_way_->exchange(true)) return;
  next_ = now + kInterval;
  session_->post(
      [key = key_, cancel = cancel_, on_its_way = on_its_way_, progress](Napi::Env env, Session& session) {
        *on_its_way = false;
        PendingJob* job = session.find(key);
        if (job == nullptr || job->thrown) return;
        try {
          // The callback may call back into this addon; `job` stays in place, since only this thread's own
          // later messages settle it.
          job->on_progress.Call({to_js_progress(env, progress)});
        } catch (const Napi::Error& error) {
          *cancel = true;
          job->thrown = error;
        }
      });
}

}  // namespace florigen::binding
