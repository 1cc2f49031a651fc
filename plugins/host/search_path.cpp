#include "plugins/host/search_path.h"

#include <dlfcn.h>

#include <algorithm>
#include <cstdlib>
#include <sstream>

#include "mtl/error.h"
#include "mtl/text.h"

namespace mtl::host {
namespace fs = std::filesystem;
namespace {

class Folders {
 public:
  void add(const fs::path& folder) {
    std::error_code error;
    const fs::path canonical = fs::canonical(folder, error);
    if (error || !fs::is_directory(canonical, error)) return;
    if (std::find(found_.begin(), found_.end(), canonical) == found_.end()) found_.push_back(canonical);
  }

  void require(const fs::path& folder, const char* asked_by) {
    std::error_code error;
    if (!fs::is_directory(folder, error))
      throw Error(std::string(asked_by) + " names " + in_quotes(folder.string()) +
                  ", which is no folder; give an existing one");
    add(folder);
  }

  std::vector<fs::path> take() { return std::move(found_); }

 private:
  std::vector<fs::path> found_;
};

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

fs::path user_folder() {
  const std::string data_home = variable("XDG_DATA_HOME");
  if (!data_home.empty() && data_home[0] == '/') return fs::path(data_home) / "mtl-engine/plugins";
  const std::string home = variable("HOME");
  return home.empty() ? fs::path() : fs::path(home) / ".local/share/mtl-engine/plugins";
}

/// Where the running program lies.
fs::path engine_folder() {
  std::error_code error;
  const fs::path engine = fs::read_symlink("/proc/self/exe", error);
  return error ? fs::path() : engine.parent_path();
}

/// The installed folder beside the code that runs: a program of somebody else may lie anywhere, and the library that it
/// uses does not.
fs::path installed_plugins() {
  Dl_info info{};
  std::error_code error;
  if (::dladdr(reinterpret_cast<const void*>(&installed_plugins), &info) != 0 && info.dli_fname) {
    const fs::path file = fs::canonical(info.dli_fname, error);
    if (!error && file.filename().string().rfind("libmtl_runtime.so", 0) == 0)
      return file.parent_path() / MTL_PLUGINS_FROM_LIB;
  }
  const fs::path engine = engine_folder();
  return engine.empty() ? fs::path() : engine / MTL_PLUGINS_FROM_BIN;
}

}  // namespace

std::vector<fs::path> plugin_folders(const std::vector<fs::path>& given, const std::vector<fs::path>& configured) {
  Folders folders;
  for (const fs::path& folder : given) folders.require(folder, "--plugin-dir");
  for (const fs::path& folder : configured) folders.require(folder, "engine.plugin_dirs");
  std::istringstream listed(variable("MTL_ENGINE_PLUGIN_PATH"));
  for (std::string folder; std::getline(listed, folder, ':');) {
    if (folder.empty()) continue;
    if (folder[0] != '/')
      throw Error("MTL_ENGINE_PLUGIN_PATH names the relative folder " + in_quotes(folder) + "; give absolute paths");
    folders.add(folder);
  }
  folders.add(user_folder());
  folders.add(installed_plugins());
  return folders.take();
}

fs::path installed_data_folder() { return (engine_folder() / MTL_DATA_FROM_BIN).lexically_normal(); }

}  // namespace mtl::host
