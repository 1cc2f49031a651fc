#include "framework/support/child_jobs.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <exception>
#include <map>
#include <thread>

#include "mtl/error.h"
#include "mtl/text.h"

namespace mtl {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int failed = 1;

struct Running {
  const ChildJob* job;
  Clock::time_point start;
};

void send_output_to(const std::filesystem::path& file) {
  const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (descriptor < 0) ::_exit(failed);
  ::dup2(descriptor, STDOUT_FILENO);
  ::dup2(descriptor, STDERR_FILENO);
  ::close(descriptor);
}

[[noreturn]] void be_child(const ChildJob& job, pid_t parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(failed);  // it died before the line above
  ::setpgid(0, 0);                             // the terminal's Ctrl-C reaches the parent, which passes it on once
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) ::signal(signal, SIG_DFL);
  send_output_to(job.output);
  int code = failed;
  try {
    code = job.work();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
  } catch (...) {
    std::fprintf(stderr, "something was thrown that is no std::exception\n");
  }
  std::fflush(nullptr);
  ::_exit(code);
}

JobEnd end_of(int status, Clock::time_point start) {
  JobEnd end;
  end.seconds = std::chrono::duration<double>(Clock::now() - start).count();
  if (WIFSIGNALED(status)) {
    end.code = 128 + WTERMSIG(status);
    end.death = std::string("crashed (") + ::strsignal(WTERMSIG(status)) + ")";
  } else {
    end.code = WEXITSTATUS(status);
  }
  return end;
}

class Jobs {
 public:
  explicit Jobs(const JobObserver& observer) : observer_(observer) {}
  Jobs(const Jobs&) = delete;
  Jobs& operator=(const Jobs&) = delete;
  ~Jobs() {
    for (const auto& [child, running] : running_) ::kill(child, SIGKILL);
    for (const auto& [child, running] : running_) ::waitpid(child, nullptr, 0);
  }

  int count() const { return static_cast<int>(running_.size()); }

  void start(const ChildJob& job) {
    std::fflush(nullptr);  // what waits to be printed would be printed by both
    const pid_t parent = ::getpid(), child = ::fork();
    if (child < 0)
      throw Error(std::string("cannot start another process (") + std::strerror(errno) +
                  "); close other programs, or lower --jobs");
    if (child == 0) be_child(job, parent);
    running_[child] = {&job, Clock::now()};
  }

  void collect() {
    int status = 0;
    for (pid_t child; (child = ::waitpid(-1, &status, WNOHANG)) > 0;) {
      const auto found = running_.find(child);
      if (found == running_.end()) continue;
      const Running running = found->second;
      running_.erase(found);
      observer_.ended(*running.job, end_of(status, running.start));
    }
  }

  void ask_to_stop() {
    if (asked_) return;
    asked_ = true;
    for (const auto& [child, running] : running_) ::kill(child, SIGTERM);
  }

 private:
  const JobObserver& observer_;
  std::map<pid_t, Running> running_;
  bool asked_ = false;
};

}  // namespace

void run_jobs(const std::vector<ChildJob>& list, int at_once, const JobObserver& observer) {
  Jobs jobs(observer);
  for (auto next = list.begin(); next != list.end() || jobs.count() > 0;) {
    if (observer.stop_requested()) {
      next = list.end();
      jobs.ask_to_stop();
    }
    while (next != list.end() && jobs.count() < at_once) jobs.start(*next++);
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    jobs.collect();
  }
}

}  // namespace mtl
