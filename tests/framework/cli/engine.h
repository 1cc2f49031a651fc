#pragma once

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/temporary_folder.h"

namespace mtl::test {

/// The engine as a user starts it, in a folder of the test's own.
class Engine {
 public:
  struct Result {
    int code;          ///< exit code, or -signal
    std::string text;  ///< what it printed, both streams
  };

  const TemporaryFolder& folder() const { return folder_; }

  Result run(std::vector<std::string> arguments) const { return wait(start(std::move(arguments))); }

  /// `most_data`: bytes of memory that it may take.
  pid_t start(std::vector<std::string> arguments, rlim_t most_data = RLIM_INFINITY) const {
    arguments.insert(arguments.begin(), MTL_BUILD_DIR "/bin/mtl-engine");
    std::vector<char*> raw;
    for (std::string& argument : arguments) raw.push_back(argument.data());
    raw.push_back(nullptr);
    const pid_t child = ::fork();
    if (child == 0) {
      if (::chdir(folder_.path().c_str()) != 0) ::_exit(126);
      const int output = ::open("output.txt", O_WRONLY | O_CREAT | O_TRUNC, 0644);
      ::dup2(output, STDOUT_FILENO);
      ::dup2(output, STDERR_FILENO);
      const rlimit limit{most_data, most_data};
      if (most_data != RLIM_INFINITY) ::setrlimit(RLIMIT_DATA, &limit);
      ::setenv("OMP_NUM_THREADS", "1", 1);  // tests run side by side
      ::execv(raw[0], raw.data());
      ::_exit(127);
    }
    return child;
  }

  Result wait(pid_t child) const {
    int status = 0;
    ::waitpid(child, &status, 0);
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status), read_file(folder_.path() / "output.txt")};
  }

 private:
  TemporaryFolder folder_;
};

}  // namespace mtl::test
