#pragma once

#include <filesystem>
#include <iosfwd>
#include <string>

#include "framework/assembly/plugin_access.h"

namespace mtl {

/// `weights show FILE`: each tensor's name, type, shape and bytes, and the file's metadata.
int weights_show(const std::filesystem::path& file, std::ostream& out);

struct WeightsConversion {
  std::filesystem::path from, to;  ///< the ending of `to` is its format: .safetensors or .pth
  std::string backbone, names;     ///< "": names stay; else the backbone's tensors under a scheme's names
  PluginAccess plugins;
};
/// `weights convert IN OUT`: the same tensors in another format, under other names where asked for.
int weights_convert(const WeightsConversion& conversion, std::ostream& out);

struct WeightsExport {
  std::filesystem::path run, to;
  std::string format = "safetensors";  ///< safetensors | pth | torchscript
  std::string names;                   ///< "": the run's own; else a scheme's, with one task as the classifier
  std::string task;                    ///< "": the main one, or for torchscript all
  PluginAccess plugins;
};
/// `weights export RUN`: a finished run's model as a file for other programs.
int weights_export(const WeightsExport& wanted, std::ostream& out);

}  // namespace mtl
