#pragma once

#include <filesystem>
#include <iosfwd>
#include <string>
#include <vector>

#include "framework/assembly/plugin_access.h"

namespace mtl {

struct StudyArguments {
  std::filesystem::path file;
  std::vector<std::string> overrides;
  PluginAccess plugins;
  bool dry_run = false;
  int jobs = 1;      ///< runs at a time
  std::string only;  ///< arms to train now, with commas between; "": all
};

/// `mtl-engine study`: trains what is not trained yet, and reports what is. Returns 0 where all wanted runs are
/// finished, 1 where one failed, 128 + the signal that stopped it.
int study(const StudyArguments& arguments, std::ostream& out);

}  // namespace mtl
