#pragma once

#include <condition_variable>
#include <deque>
#include <future>
#include <mutex>
#include <thread>

namespace florigen {

/// One thread that runs jobs in the order of their arrival. All tensor work of a process goes through one
/// such queue: a second calling thread would bring a second OpenMP team to the same cores.
///
/// A job of many steps may call `run_between_steps()` after each of them; the short jobs that wait then go
/// first.
class JobQueue {
 public:
  /// A packaged task keeps what its function throws in its future, so no job can end the engine thread.
  using Job = std::packaged_task<void()>;

  enum class Order {
    kBetweenSteps,  ///< may run between two steps of a job in hand, in order among its like
    kInTurn,        ///< waits for every job before it
  };

  JobQueue();
  /// Stops and joins.
  ~JobQueue();
  JobQueue(const JobQueue&) = delete;
  JobQueue& operator=(const JobQueue&) = delete;

  /// Any thread. False, and the job is dropped on this thread, once the queue is stopped.
  bool push(Order order, Job job);

  /// Engine thread, inside a job that is not itself run from here: runs the `kBetweenSteps` jobs that wait
  /// now. Jobs that arrive meanwhile wait for the next step, so that a stream of them cannot starve the
  /// caller.
  void run_between_steps();

  /// Long jobs ask this at every step, and end.
  bool stop_requested() const;

  /// True when the engine thread is gone.
  bool stopped() const;

  /// Any thread but the engine's. Raises the flag of `stop_requested()`, lets every job that waits run (they
  /// are expected to refuse), and joins. Idempotent; a second caller waits as well.
  void stop();

 private:
  struct Entry {
    Order order;
    Job job;
  };

  void run();

  mutable std::mutex mutex_;
  std::mutex join_mutex_;
  std::condition_variable wake_;
  std::deque<Entry> entries_;
  bool stop_requested_ = false;
  bool stopped_ = false;
  std::thread thread_;
};

}  // namespace florigen
