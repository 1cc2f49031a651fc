#include "framework/report/run_folder.h"

#include <unistd.h>

#include "framework/support/atomic_file.h"
#include "mtl/error.h"
#include "mtl/text.h"

namespace mtl {
namespace fs = std::filesystem;

fs::path make_run_folder(const fs::path& parent, const std::string& name) {
  constexpr uintmax_t needed = uintmax_t{64} << 20;
  const fs::path folder = parent / name;
  std::error_code error;
  const bool is_there = fs::exists(folder, error);
  if (is_there && !fs::is_directory(folder, error)) throw Error("run folder " + in_quotes(folder.string()) + " is a file; give the run another name (run.name)");
  if (is_there && !fs::is_empty(folder, error))
    throw Error("run folder " + in_quotes(folder.string()) + " holds a run already; give this one another name (--set run.name=NAME), or remove the folder");
  make_folder(folder);
  if (::access(folder.c_str(), W_OK | X_OK) != 0)
    throw Error("run folder " + in_quotes(folder.string()) + " cannot be written to; choose another with run.folder");
  const fs::space_info space = fs::space(folder, error);
  if (!error && space.available < needed) {
    fs::remove(folder, error);
    throw Error("run folder " + in_quotes(folder.string()) + " has " + std::to_string(space.available >> 20) +
                " MiB of free space, a run needs 64 or more; free some or choose another with run.folder");
  }
  return folder;
}

}  // namespace mtl
