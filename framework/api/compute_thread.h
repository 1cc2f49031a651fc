#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <mutex>
#include <thread>

namespace mtl {

/// One thread on which a network computes for all who ask, one request after another. LibTorch keeps a pool of threads
/// and settings per calling thread: with many callers there would be as many pools.
class ComputeThread {
 public:
  ComputeThread();
  ComputeThread(const ComputeThread&) = delete;
  ComputeThread& operator=(const ComputeThread&) = delete;
  ~ComputeThread();  ///< after what was asked for is done

  /// Runs `work` there, waits, and gives what it returns or throws what it throws. From any thread but that one.
  template <class Work>
  auto run(Work work) {
    std::packaged_task<decltype(work())()> task(std::move(work));
    auto result = task.get_future();
    add([&task] { task(); });
    return result.get();
  }

 private:
  void add(std::function<void()> task);
  void serve();

  std::mutex mutex_;
  std::condition_variable wanted_;
  std::deque<std::function<void()>> tasks_;
  bool ends_ = false;
  std::thread thread_;  // last: it uses all others
};

}  // namespace mtl
