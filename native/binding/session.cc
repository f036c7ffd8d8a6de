#include "binding/session.h"

#include <string>
#include <utility>

namespace florigen::binding {
namespace {

const void* event_loop_of(Napi::Env env) {
  uv_loop_s* loop = nullptr;
  if (napi_get_uv_event_loop(env, &loop) != napi_ok) {
    throw Error(ErrorCode::kNative, "this environment has no event loop");
  }
  return loop;
}

}  // namespace

void Session::start(Napi::Env env) {
  if (env.GetInstanceData<Session>() != nullptr) return;
  auto* session = new Session(env);
  env.SetInstanceData(session);
  // Hooks run newest first: the engine is joined before Node closes the channel.
  env.AddCleanupHook([session] { session->close(); });
}

Session& Session::of(Napi::Env env) { return *env.GetInstanceData<Session>(); }

Session::Session(Napi::Env env)
    : env_(env), event_loop_(event_loop_of(env)), channel_(Channel::New(env, "florigen", 0, 1, this)) {
  channel_.Unref(env);
}

std::shared_ptr<Engine> Session::engine() {
  if (stopped_) throw Error(ErrorCode::kDisposed, "the engine is stopped");
  if (!engine_ || engine_->queue().stopped()) engine_ = Engine::acquire(event_loop_);
  return engine_;
}

Session::JobKey Session::begin(PendingJob job) {
  // A pending promise keeps the process alive, as any other asynchronous call does.
  if (pending_.empty()) channel_.Ref(env_);
  pending_.emplace(++next_key_, std::move(job));
  return next_key_;
}

PendingJob* Session::find(JobKey key) {
  const auto found = pending_.find(key);
  return found == pending_.end() ? nullptr : &found->second;
}

void Session::settle(Napi::Env env, JobKey key, Outcome outcome) {
  auto node = pending_.extract(key);
  if (node.empty()) return;
  if (pending_.empty()) channel_.Unref(env);
  PendingJob& job = node.mapped();
  if (job.on_settled) job.on_settled();
  if (job.thrown) return job.deferred.Reject(job.thrown->Value());
  if (auto* failure = std::get_if<Failure>(&outcome)) {
    return job.deferred.Reject(to_js_error(env, *failure).Value());
  }
  try {
    job.deferred.Resolve(std::get<0>(outcome)(env));
  } catch (const Napi::Error& error) {
    job.deferred.Reject(error.Value());
  }
}

void Session::post(Message message) {
  auto owned = std::make_unique<Message>(std::move(message));
  if (channel_.NonBlockingCall(owned.get()) == napi_ok) owned.release();
}

void Session::deliver(Napi::Env env, Napi::Function, Session* session, Message* message) {
  const std::unique_ptr<Message> owned(message);
  if (static_cast<napi_env>(env) == nullptr) return;  // the environment is closing
  try {
    (*owned)(env, *session);
  } catch (...) {
    // Only a dying environment refuses to settle a promise; there is nobody left to tell.
  }
}

CancelFlag Session::add_cancel_flag(int64_t job_id) {
  const auto [entry, added] = cancel_flags_.emplace(job_id, std::make_shared<std::atomic<bool>>(false));
  if (!added)
    throw_must_be(ErrorCode::kUsage, "range.jobId", "the number of no job in flight", std::to_string(job_id));
  return entry->second;
}

void Session::cancel(int64_t job_id) {
  if (const auto found = cancel_flags_.find(job_id); found != cancel_flags_.end()) *found->second = true;
}

void Session::stop() {
  stopped_ = true;
  if (engine_) engine_->queue().stop();
  engine_.reset();
}

void Session::close() {
  stop();
  cancel_flags_.clear();
  pending_.clear();
  channel_.Release();
}

}  // namespace florigen::binding
