#include "framework/report/run_folder.h"

#include <unistd.h>

#include "framework/support/atomic_file.h"
#include "mtl/error.h"
#include "mtl/text.h"

namespace mtl {
namespace fs = std::filesystem;

void require_unused_run_folder(const fs::path& parent, const std::string& name) {
  const fs::path folder = parent / name;
  std::error_code error;
  if (!fs::exists(folder, error)) return;
  if (!fs::is_directory(folder, error))
    throw Error("run folder " + in_quotes(folder.string()) + " is a file; give the run another name (run.name)");
  if (!fs::is_empty(folder, error))
    throw Error("run folder " + in_quotes(folder.string()) +
                " holds a run already; give this one another name (--set run.name=NAME), or remove the folder");
}

fs::path make_run_folder(const fs::path& parent, const std::string& name) {
  constexpr uintmax_t needed = uintmax_t{64} << 20;
  const fs::path folder = parent / name;
  require_unused_run_folder(parent, name);
  make_folder(folder);
  if (::access(folder.c_str(), W_OK | X_OK) != 0)
    throw Error("run folder " + in_quotes(folder.string()) + " cannot be written to; choose another with run.folder");
  std::error_code error;
  const fs::space_info space = fs::space(folder, error);
  if (!error && space.available < needed) {
    fs::remove(folder, error);
    throw Error("run folder " + in_quotes(folder.string()) + " has " + std::to_string(space.available >> 20) +
                " MiB of free space, a run needs 64 or more; free some or choose another with run.folder");
  }
  return folder;
}

}  // namespace mtl
