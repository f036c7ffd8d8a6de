#include "core/job_queue.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace florigen {
namespace {

using Order = JobQueue::Order;

std::future<void> push(JobQueue& queue, Order order, std::function<void()> work) {
  JobQueue::Job job(std::move(work));
  auto done = job.get_future();
  EXPECT_TRUE(queue.push(order, std::move(job)));
  return done;
}

// A gate that a job waits at until the test opens it.
struct Gate {
  std::promise<void> promise;
  std::shared_future<void> opened = promise.get_future().share();
  void open() { promise.set_value(); }
  void wait() const { opened.wait(); }
};

TEST(JobQueue, RunsJobsInOrderOnOneThreadThatIsNotTheCallers) {
  JobQueue queue;
  std::vector<int> order;
  std::vector<std::thread::id> threads;
  std::future<void> last;
  for (int index = 0; index < 100; ++index) {
    last = push(queue, index % 2 ? Order::kInTurn : Order::kBetweenSteps, [&, index] {
      order.push_back(index);
      threads.push_back(std::this_thread::get_id());
    });
  }
  last.wait();
  for (int index = 0; index < 100; ++index) {
    EXPECT_EQ(order[index], index);
    EXPECT_EQ(threads[index], threads[0]);
  }
  EXPECT_NE(threads[0], std::this_thread::get_id());
}

TEST(JobQueue, ShortJobsGoBetweenTheStepsOfALongOneAndLongOnesWait) {
  JobQueue queue;
  Gate queued;
  std::vector<std::string> log;
  push(queue, Order::kInTurn, [&] {
    queued.wait();
    log.push_back("step 1");
    queue.run_between_steps();
    log.push_back("step 2");
    queue.run_between_steps();
  });
  push(queue, Order::kInTurn, [&] { log.push_back("second run"); });
  push(queue, Order::kBetweenSteps, [&] { log.push_back("read a"); });
  auto last = push(queue, Order::kBetweenSteps, [&] { log.push_back("read b"); });
  auto in_turn = push(queue, Order::kInTurn, [&] { log.push_back("dispose"); });
  queued.open();
  last.wait();
  in_turn.wait();
  EXPECT_EQ(log, (std::vector<std::string>{"step 1", "read a", "read b", "step 2", "second run", "dispose"}));
}

TEST(JobQueue, JobsThatArriveBetweenStepsWaitForTheNextStep) {
  JobQueue queue;
  std::vector<std::string> log;
  Gate queued;
  auto done = push(queue, Order::kInTurn, [&] {
    queued.wait();
    queue.run_between_steps();
    log.push_back("step");
    queue.run_between_steps();
  });
  push(queue, Order::kBetweenSteps, [&] {
    log.push_back("first");
    push(queue, Order::kBetweenSteps, [&] { log.push_back("arrived meanwhile"); });
  });
  queued.open();
  done.wait();
  EXPECT_EQ(log, (std::vector<std::string>{"first", "step", "arrived meanwhile"}));
}

TEST(JobQueue, AJobThatThrowsLeavesTheEngineAlive) {
  JobQueue queue;
  auto failed = push(queue, Order::kInTurn, [] { throw std::runtime_error("a job failed"); });
  auto odd = push(queue, Order::kInTurn, [] { throw 42; });
  bool ran = false;
  push(queue, Order::kInTurn, [&] { ran = true; }).wait();
  EXPECT_TRUE(ran);
  EXPECT_THROW(failed.get(), std::runtime_error);
  EXPECT_THROW(odd.get(), int);
}

TEST(JobQueue, StopEndsTheJobInHandRunsWhatWaitsAndRefusesMore) {
  JobQueue queue;
  std::atomic<bool> started{false};
  bool waiting_saw_stop = false;
  push(queue, Order::kInTurn, [&] {
    started = true;
    while (!queue.stop_requested()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  });
  push(queue, Order::kInTurn, [&] { waiting_saw_stop = queue.stop_requested(); });
  while (!started) std::this_thread::yield();
  EXPECT_FALSE(queue.stopped());
  queue.stop();
  EXPECT_TRUE(queue.stopped());
  EXPECT_TRUE(waiting_saw_stop);
  EXPECT_FALSE(queue.push(Order::kInTurn, JobQueue::Job([] {})));
  queue.stop();  // idempotent
}

TEST(JobQueue, WhatAJobHoldsIsFreedOnTheEngineThreadBeforeTheNextJob) {
  struct Held {
    std::thread::id* freed_on;
    ~Held() { *freed_on = std::this_thread::get_id(); }
  };
  JobQueue queue;
  std::thread::id freed_on, engine, seen_by_next;
  Gate pushed;
  {
    auto held = std::make_shared<Held>(Held{&freed_on});
    freed_on = {};  // the temporary above was freed as well
    push(queue, Order::kInTurn, [&pushed, &engine, held] {
      pushed.wait();
      engine = std::this_thread::get_id();
    });
  }
  auto next = push(queue, Order::kInTurn, [&] { seen_by_next = freed_on; });
  pushed.open();
  next.wait();
  EXPECT_EQ(seen_by_next, engine);
}

}  // namespace
}  // namespace florigen
