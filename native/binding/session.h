#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <unordered_map>
#include <variant>

#include "binding/engine.h"
#include "binding/js_error.h"
#include "binding/napi_setup.h"

namespace florigen::binding {

/// What a job leaves behind: how to make its JavaScript value, or why it failed.
using Outcome = std::variant<std::function<Napi::Value(Napi::Env)>, Failure>;

/// The half of a job that stays on the JavaScript thread.
struct PendingJob {
  Napi::Promise::Deferred deferred;
  std::function<void()> on_settled;     ///< before the promise settles; may be empty
  Napi::FunctionReference on_progress;  ///< may be empty
  std::optional<Napi::Error> thrown;    ///< by on_progress; rejects the promise
};

/// Asks a run to end after the step in hand; set from any thread.
using CancelFlag = std::shared_ptr<std::atomic<bool>>;

/// Everything that one environment owns: its jobs, and the channel on which the engine answers. All members
/// belong to the JavaScript thread, except `post`.
class Session {
 public:
  using JobKey = uint64_t;
  /// Runs on the JavaScript thread.
  using Message = std::function<void(Napi::Env, Session&)>;

  /// Makes the session of this environment; a cleanup hook ends it.
  static void start(Napi::Env env);
  static Session& of(Napi::Env env);

  explicit Session(Napi::Env env);

  /// The engine of this thread, started at first use. Throws kBusy where another thread has it, kDisposed
  /// after `stop()`.
  std::shared_ptr<Engine> engine();

  JobKey begin(PendingJob job);
  void settle(Napi::Env env, JobKey key, Outcome outcome);
  PendingJob* find(JobKey key);

  /// Engine thread. The message is dropped where the environment is closing.
  void post(Message message);

  /// A new flag under the caller's number; throws kUsage when a job in flight has that number.
  CancelFlag add_cancel_flag(int64_t job_id);
  void remove_cancel_flag(int64_t job_id) { cancel_flags_.erase(job_id); }
  void cancel(int64_t job_id);

  /// Ends the job in hand after its step and joins the engine. Jobs that wait are rejected; later ones
  /// refused.
  void stop();
  bool stopped() const { return stopped_; }

 private:
  static void deliver(Napi::Env env, Napi::Function, Session* session, Message* message);
  using Channel = Napi::TypedThreadSafeFunction<Session, Message, &Session::deliver>;

  void close();

  Napi::Env env_;
  const void* event_loop_;
  Channel channel_;
  std::shared_ptr<Engine> engine_;
  bool stopped_ = false;
  JobKey next_key_ = 0;
  std::unordered_map<JobKey, PendingJob> pending_;
  std::unordered_map<int64_t, CancelFlag> cancel_flags_;
};

}  // namespace florigen::binding
