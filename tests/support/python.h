#pragma once

#include <sys/wait.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "tests/support/temporary_folder.h"

namespace mtl::test {

struct PythonResult {
  bool can_run;     ///< false: there is no Python, or the script has told by exit code 77 that it lacks a package
  int code;         ///< exit code
  std::string log;  ///< what it printed, both streams
};

/// Runs a script of the tests, its path from the project's folder, with Debian's Python in `folder`.
inline PythonResult run_python(const std::filesystem::path& folder, const std::string& script,
                               const std::string& arguments) {
  const int status = std::system(
      ("cd " + folder.string() + " && /usr/bin/python3 " MTL_SOURCE_DIR "/" + script + " " + arguments + " > log 2>&1")
          .c_str());
  const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return {code != 77 && code != 127, code, read_file(folder / "log")};
}

}  // namespace mtl::test
