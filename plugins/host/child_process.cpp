#include "plugins/host/child_process.h"

#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <exception>

#include "mtl/error.h"

namespace mtl::host {
namespace {

/// The last thing a child writes; what it threw stands between the two. A child that died has not written it.
constexpr char end_of_text = '\x03';
constexpr char end_of_report = '\x04';

void write_all(int to, const std::string& text) {
  for (size_t sent = 0; sent < text.size();) {
    const ssize_t n = ::write(to, text.data() + sent, text.size() - sent);
    if (n <= 0) return;
    sent += static_cast<size_t>(n);
  }
}

/// Signals do what they do by default: a handler that the parent installed would speak for the parent.
void forget_signal_handlers() {
  for (const int signal : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTERM, SIGINT}) ::signal(signal, SIG_DFL);
}

[[noreturn]] void be_child(int to, const std::function<void(const Write&)>& work) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // a child of a child that is killed must not hang on alone
  forget_signal_handlers();
  std::string error;
  try {
    work([to](const std::string& text) { write_all(to, text); });
  } catch (const std::exception& thrown) {
    error = thrown.what();
  } catch (...) {
    error = "an exception that is no std::exception";
  }
  write_all(to, end_of_text + error + end_of_report);
  ::_exit(0);
}

/// Everything up to the end of the pipe; false where that did not come in time.
bool read_until(std::chrono::steady_clock::time_point deadline, int from, std::string& text) {
  for (;;) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    pollfd waiting{from, POLLIN, 0};
    if (left.count() <= 0 || ::poll(&waiting, 1, static_cast<int>(left.count())) == 0) return false;
    char buffer[4096];
    const ssize_t n = ::read(from, buffer, sizeof buffer);
    if (n <= 0) return true;
    text.append(buffer, static_cast<size_t>(n));
    if (text.back() == end_of_report) return true;  // what it left running may hold the pipe open
  }
}

}  // namespace

ChildReport in_child(const std::function<void(const Write&)>& work, int seconds) {
  int ends[2];
  if (::pipe(ends) != 0) throw Error("cannot make a pipe to another process; close other programs and try again");
  std::fflush(nullptr);  // what waits to be printed would be printed by both
  const pid_t child = ::fork();
  if (child < 0) throw Error("cannot start another process; close other programs and try again");
  if (child == 0) {
    ::close(ends[0]);
    be_child(ends[1], work);
  }
  ::close(ends[1]);
  ChildReport report;
  const bool is_in_time =
      read_until(std::chrono::steady_clock::now() + std::chrono::seconds(seconds), ends[0], report.text);
  ::close(ends[0]);
  if (!is_in_time) ::kill(child, SIGKILL);
  int status = 0;
  ::waitpid(child, &status, 0);

  const size_t end = report.text.rfind(end_of_text);
  const bool is_whole = !report.text.empty() && report.text.back() == end_of_report && end != std::string::npos;
  if (is_whole) {
    report.error = report.text.substr(end + 1, report.text.size() - end - 2);
    report.text.resize(end);
  } else if (!is_in_time) {
    report.death = "did not end within " + std::to_string(seconds) + " seconds";
  } else if (WIFSIGNALED(status)) {
    report.death = std::string("crashed (") + strsignal(WTERMSIG(status)) + ")";
  } else {
    report.death = "ended the process";
  }
  return report;
}

}  // namespace mtl::host
