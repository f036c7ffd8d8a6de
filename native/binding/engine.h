#pragma once

#include <memory>
#include <optional>

#include "core/job_queue.h"
#include "core/runtime.h"

namespace florigen::binding {

/// The engine of this process: one thread with its queue, owned by one event loop at a time (the main
/// thread's or a worker's). Several copies of the addon in one thread, as under jest, share it.
class Engine {
 public:
  /// The engine of this event loop; started when there is none. Throws kBusy while another event loop's
  /// engine lives.
  static std::shared_ptr<Engine> acquire(const void* event_loop);

  explicit Engine(const void* event_loop) : event_loop_(event_loop) {}

  JobQueue& queue() { return queue_; }

  /// Sets the threads of the process at the first call; throws kUsage when a later call asks for another
  /// number. Waits for the engine thread, which has nothing else to do: nothing can be created before this
  /// call.
  const RuntimeInfo& configure(const RuntimeOptions& options);

  /// Throws kUsage before `configure`: the thread count would no longer be the one that a run records.
  void require_configured() const;

 private:
  const void* event_loop_;
  std::optional<RuntimeInfo> info_;
  JobQueue queue_;
};

}  // namespace florigen::binding
