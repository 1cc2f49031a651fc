#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace mtl {

/// Work for a process of its own, so that it shares what is in memory and its crash is its own.
struct ChildJob {
  std::string name;
  std::function<int()> work;     ///< returns the exit code
  std::filesystem::path output;  ///< file that takes its standard output and error
};

/// How a job ended.
struct JobEnd {
  int code = 0;       ///< the exit code; 128 + the signal where one ended it
  std::string death;  ///< "crashed (Segmentation fault)", or ""
  double seconds = 0;
};

struct JobObserver {
  std::function<void(const ChildJob&, const JobEnd&)> ended;
  std::function<bool()> stop_requested;  ///< no further job is started, and running ones get SIGTERM
};

/// Runs the jobs in order, at most `at_once` together, each in a fork of this process, which must have no other thread.
/// Children die with this process. Throws mtl::Error where no process can be made.
void run_jobs(const std::vector<ChildJob>& jobs, int at_once, const JobObserver& observer);

}  // namespace mtl
