#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace mtl::host {

/// The folders to search for plugins, in order, without those that are not there: `given` (--plugin-dir), `configured`
/// (engine.plugin_dirs), MTL_ENGINE_PLUGIN_PATH, the user's data folder, the installed folder. Never the current one.
/// Throws mtl::Error for a folder of the first two that is not there and for a relative one in the variable.
std::vector<std::filesystem::path> plugin_folders(const std::vector<std::filesystem::path>& given,
                                                  const std::vector<std::filesystem::path>& configured);

/// What is installed with the engine besides programs and libraries, such as templates; in the build tree likewise.
std::filesystem::path installed_data_folder();

}  // namespace mtl::host
