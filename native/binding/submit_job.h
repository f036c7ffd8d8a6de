#pragma once

#include <memory>
#include <type_traits>
#include <utility>

#include "binding/session.h"

namespace florigen::binding {

/// Runs `work` on the engine thread and settles a promise on the JavaScript thread with `convert(env,
/// result)`. `work` must own copies of all that it uses and touch no JavaScript value; what it throws rejects
/// the promise.
template <typename Work, typename Convert>
class EngineJob {
 public:
  EngineJob(Session& session, JobQueue& queue, Session::JobKey key, Work work, Convert convert)
      : session_(&session), queue_(&queue), key_(key), work_(std::move(work)), convert_(std::move(convert)) {}

  void operator()() {
    session_->post([key = key_, outcome = run()](Napi::Env env, Session& session) {
      session.settle(env, key, outcome);
    });
  }

 private:
  Outcome run() {
    try {
      if (queue_->stop_requested()) throw Error(ErrorCode::kDisposed, "the engine is stopped");
      auto result = std::make_shared<std::invoke_result_t<Work&>>(work_());
      return [result, convert = convert_](Napi::Env env) -> Napi::Value { return convert(env, *result); };
    } catch (...) {
      return describe_current_exception();
    }
  }

  // Both outlive every job: the queue joins its thread before it goes, and the session ends the queue first.
  Session* session_;
  JobQueue* queue_;
  Session::JobKey key_;
  Work work_;
  Convert convert_;
};

/// Submits what `make_work(key)` returns, `key` being the number under which the session knows `pending`;
/// returns its promise.
template <typename MakeWork, typename Convert>
Napi::Promise submit_pending_job(Session& session, JobQueue::Order order, PendingJob pending,
                                 MakeWork make_work, Convert convert) {
  auto& queue = session.engine()->queue();
  const auto promise = pending.deferred.Promise();
  const auto key = session.begin(std::move(pending));
  auto work = make_work(key);
  using Job = EngineJob<decltype(work), Convert>;
  if (!queue.push(order, JobQueue::Job(Job(session, queue, key, std::move(work), std::move(convert))))) {
    session.settle(promise.Env(), key, Failure{ErrorCode::kDisposed, "the engine is stopped"});
  }
  return promise;
}

/// The common case: a job with nothing but work and result.
template <typename Work, typename Convert>
Napi::Promise submit_job(Napi::Env env, JobQueue::Order order, Work work, Convert convert) {
  return submit_pending_job(
      Session::of(env), order, PendingJob{Napi::Promise::Deferred::New(env), {}, {}, {}},
      [&work](Session::JobKey) { return std::move(work); }, std::move(convert));
}

/// For jobs that return nothing: `work` returns a Done and the promise resolves with undefined.
struct Done {};
inline Napi::Value to_undefined(Napi::Env env, const Done&) { return env.Undefined(); }

}  // namespace florigen::binding
