#include "binding/engine.h"

#include <mutex>
#include <string>

#include "core/error.h"

namespace florigen::binding {
namespace {

// Outlives every thread: static destructors would race an engine that still computes.
struct Process {
  std::mutex mutex;
  std::weak_ptr<Engine> engine;
  std::optional<int64_t> threads;
};

Process& process() {
  static auto& instance = *new Process;
  return instance;
}

void claim_threads(int64_t threads) {
  const std::lock_guard lock(process().mutex);
  auto& claimed = process().threads;
  if (claimed && *claimed != threads) {
    throw_must_be(ErrorCode::kUsage, "threads", std::to_string(*claimed) + ", as set before in this process",
                  std::to_string(threads));
  }
  claimed = threads;
}

}  // namespace

std::shared_ptr<Engine> Engine::acquire(const void* event_loop) {
  const std::lock_guard lock(process().mutex);
  if (auto engine = process().engine.lock(); engine && !engine->queue_.stopped()) {
    if (engine->event_loop_ != event_loop) {
      throw Error(
          ErrorCode::kBusy,
          "the engine belongs to another thread of this process; one thread at a time may use florigen");
    }
    return engine;
  }
  auto engine = std::make_shared<Engine>(event_loop);
  process().engine = engine;
  return engine;
}

const RuntimeInfo& Engine::configure(const RuntimeOptions& options) {
  claim_threads(options.threads);
  if (info_) return *info_;
  JobQueue::Job job([this, options] { info_ = configure_runtime(options); });
  auto done = job.get_future();
  if (!queue_.push(JobQueue::Order::kBetweenSteps, std::move(job))) {
    throw Error(ErrorCode::kDisposed, "the engine is stopped");
  }
  done.get();
  return *info_;
}

void Engine::require_configured() const {
  if (!info_) throw Error(ErrorCode::kUsage, "`configureRuntime` must be called before anything is created");
}

}  // namespace florigen::binding
