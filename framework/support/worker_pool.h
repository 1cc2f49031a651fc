#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace mtl {

/// Threads for all that is done beside computing, such as reading images. They begin jobs in the order in which these
/// were given, and give way to the threads that compute.
class WorkerPool {
 public:
  explicit WorkerPool(int64_t threads);
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;
  ~WorkerPool();  ///< jobs that wait are done first

  int64_t threads() const { return static_cast<int64_t>(workers_.size()); }
  /// Needs a thread; the job must not throw.
  void add(std::function<void()> job);
  /// Calls body(i) for i = 0 .. count-1 in any order, and returns when all are done. Without threads the calling one
  /// does them. body must not throw.
  void for_each(size_t count, const std::function<void(size_t)>& body);

 private:
  void work();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> jobs_;
  bool stopping_ = false;
  std::vector<std::thread> workers_;
};

}  // namespace mtl
