#include "framework/support/worker_pool.h"

#include <atomic>
#include <latch>
#include <utility>

#include "framework/support/thread_priority.h"

namespace mtl {

WorkerPool::WorkerPool(int64_t threads) {
  for (int64_t i = 0; i < threads; ++i)
    workers_.emplace_back([this] {
      give_way_to_computing();
      work();
    });
}

WorkerPool::~WorkerPool() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  for (std::thread& worker : workers_) worker.join();
}

void WorkerPool::add(std::function<void()> job) {
  {
    const std::lock_guard lock(mutex_);
    jobs_.push_back(std::move(job));
  }
  changed_.notify_one();
}

void WorkerPool::work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return stopping_ || !jobs_.empty(); });
    if (jobs_.empty()) return;
    const std::function<void()> job = std::move(jobs_.front());
    jobs_.pop_front();
    lock.unlock();
    job();
    lock.lock();
  }
}

void WorkerPool::for_each(size_t count, const std::function<void(size_t)>& body) {
  std::atomic<size_t> next{0};
  const auto take_turns = [&] {
    for (size_t i; (i = next++) < count;) body(i);
  };
  if (workers_.empty()) return take_turns();
  std::latch done(threads());
  for (int64_t i = 0; i < threads(); ++i)
    add([&] {
      take_turns();
      done.count_down();
    });
  done.wait();
}

}  // namespace mtl
