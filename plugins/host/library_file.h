#pragma once

#include <filesystem>
#include <string>

#include "mtl/plugin.h"

namespace mtl::host {

/// A library's offer after loading, or why it cannot be had: the end of a sentence that starts with the file.
struct LoadedLibrary {
  const PluginApi* api = nullptr;
  std::string problem;
};

/// Opens the library (its constructors run now) and calls its entry, the first time in a child process before: one that
/// crashes, hangs or ends the process while it is loaded is a problem like any other. It is never closed again.
LoadedLibrary load_library(const std::filesystem::path& file);

}  // namespace mtl::host
