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

/// Opens the library (its constructors run now) and calls its entry. It is never closed again.
LoadedLibrary load_library(const std::filesystem::path& file);

}  // namespace mtl::host
