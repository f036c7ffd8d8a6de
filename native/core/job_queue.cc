#include "core/job_queue.h"

#include <algorithm>
#include <utility>

namespace florigen {

JobQueue::JobQueue() : thread_([this] { run(); }) {}

JobQueue::~JobQueue() { stop(); }

bool JobQueue::push(Order order, Job job) {
  {
    const std::lock_guard lock(mutex_);
    if (stop_requested_) return false;
    entries_.push_back({order, std::move(job)});
  }
  wake_.notify_one();
  return true;
}

void JobQueue::run_between_steps() {
  std::unique_lock lock(mutex_);
  for (size_t waiting = entries_.size(); waiting > 0; --waiting) {
    const auto next = std::find_if(entries_.begin(), entries_.end(),
                                   [](const Entry& entry) { return entry.order == Order::kBetweenSteps; });
    if (next == entries_.end()) return;
    {
      Entry entry = std::move(*next);
      entries_.erase(next);
      lock.unlock();
      entry.job();
    }  // what the job held is freed here, without the lock
    lock.lock();
  }
}

bool JobQueue::stop_requested() const {
  const std::lock_guard lock(mutex_);
  return stop_requested_;
}

bool JobQueue::stopped() const {
  const std::lock_guard lock(mutex_);
  return stopped_;
}

void JobQueue::stop() {
  {
    const std::lock_guard lock(mutex_);
    stop_requested_ = true;
  }
  wake_.notify_one();
  const std::lock_guard joining(join_mutex_);
  if (thread_.joinable()) thread_.join();
  const std::lock_guard lock(mutex_);
  stopped_ = true;
}

void JobQueue::run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    wake_.wait(lock, [this] { return stop_requested_ || !entries_.empty(); });
    if (entries_.empty()) return;
    {
      Entry entry = std::move(entries_.front());
      entries_.pop_front();
      lock.unlock();
      entry.job();
    }
    lock.lock();
  }
}

}  // namespace florigen
