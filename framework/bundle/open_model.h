#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "framework/assembly/plugin_access.h"
#include "framework/config/run_config.h"
#include "framework/decide/decisions.h"
#include "framework/model/multi_task_model.h"

namespace mtl {

/// A trained model that is ready to look at pictures, on the CPU, in evaluation mode.
struct UsableModel {
  RunConfig config;  ///< of a bundle, the paths in it are those of the machine that it was made on
  std::unique_ptr<MultiTaskModel> model;
  Decisions decisions;  ///< none where nothing was calibrated
  std::string name;     ///< of the run
  bool is_bundle = false;
  std::vector<std::string> notes;  ///< sentences for the log
};

/// Opens a run's folder, a bundle's folder or a .mtlb file. A bundle is verified first: its digests, then its plugins'
/// names and versions, then that the model gives the expected answers to the golden pictures. It says nothing about
/// folders of plugins: those of `plugins`, the environment, the user and the installation are searched. Throws
/// mtl::Error that names the run or the bundle.
UsableModel open_model(const std::filesystem::path& path, const PluginAccess& plugins);

}  // namespace mtl
