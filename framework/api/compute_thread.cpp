#include "framework/api/compute_thread.h"

namespace mtl {

ComputeThread::ComputeThread() : thread_([this] { serve(); }) {}

ComputeThread::~ComputeThread() {
  {
    const std::lock_guard lock(mutex_);
    ends_ = true;
  }
  wanted_.notify_one();
  thread_.join();
}

void ComputeThread::add(std::function<void()> task) {
  {
    const std::lock_guard lock(mutex_);
    tasks_.push_back(std::move(task));
  }
  wanted_.notify_one();
}

void ComputeThread::serve() {
  for (std::unique_lock lock(mutex_);;) {
    wanted_.wait(lock, [this] { return ends_ || !tasks_.empty(); });
    if (tasks_.empty()) return;
    const std::function<void()> task = std::move(tasks_.front());
    tasks_.pop_front();
    lock.unlock();
    task();
    lock.lock();
  }
}

}  // namespace mtl
