#pragma once

#include <atomic>
#include <chrono>
#include <memory>

#include "binding/session.h"
#include "training/trainer.h"

namespace florigen::binding {

/// Carries the progress of one run to its `onProgress`, at most ten times a second. Lives on the engine
/// thread. What `onProgress` throws ends the run after the step in hand and rejects its promise.
class ProgressReporter {
 public:
  ProgressReporter(Session& session, Session::JobKey key, CancelFlag cancel);

  /// Called after every step.
  void report(const RunProgress& progress);

 private:
  using Clock = std::chrono::steady_clock;

  Session* session_;
  Session::JobKey key_;
  CancelFlag cancel_;
  Clock::time_point next_ = Clock::time_point::min();
  // One message at a time: a blocked event loop must not find a heap of old news.
  std::shared_ptr<std::atomic<bool>> on_its_way_;
};

}  // namespace florigen::binding
