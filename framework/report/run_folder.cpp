#include "framework/report/run_folder.h"

#include <unistd.h>

#include "framework/support/atomic_file.h"
#include "framework/support/folder_lock.h"
#include "mtl/error.h"
#include "mtl/text.h"

namespace mtl {
namespace fs = std::filesystem;

bool is_used_run_folder(const fs::path& parent, const std::string& name) {
  const fs::path folder = parent / name;
  std::error_code error;
  if (!fs::exists(folder, error)) return false;
  if (!fs::is_directory(folder, error))
    throw Error("run folder " + in_quotes(folder.string()) + " is a file; give the run another name (run.name)");
  for (const auto& entry : fs::directory_iterator(folder, error))
    if (entry.path().filename() != FolderLock::file_name) return true;
  return false;
}

void require_unused_run_folder(const fs::path& parent, const std::string& name) {
  if (is_used_run_folder(parent, name))
    throw Error(
        "run folder " + in_quotes((parent / name).string()) +
        " holds a run already; go on with it where it was stopped (--resume), give this one another name (--set "
        "run.name=NAME), or remove the folder");
}

fs::path make_run_folder(const fs::path& parent, const std::string& name, int64_t needed) {
  const fs::path folder = parent / name;
  make_folder(folder);
  if (::access(folder.c_str(), W_OK | X_OK) != 0)
    throw Error("run folder " + in_quotes(folder.string()) + " cannot be written to; choose another with run.folder");
  std::error_code error;
  const fs::space_info space = fs::space(folder, error);
  if (!error && space.available < static_cast<uintmax_t>(needed)) {
    fs::remove(folder, error);  // where it is empty
    throw Error("run folder " + in_quotes(folder.string()) + " has " + std::to_string(space.available >> 20) +
                " MiB of free space, this run needs " + std::to_string((needed >> 20) + 1) +
                "; free some or choose another with run.folder");
  }
  return folder;
}

}  // namespace mtl
