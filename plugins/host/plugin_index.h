#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "mtl/plugin_note.h"

namespace mtl::host {

/// One name that a library offers, as its note says.
struct Offer {
  std::string kind;  ///< backbone | head | weighting
  std::string name;
};

/// Whose files may be used: those that only this user and root can change, or any.
enum class Trust { owner, everybody };

/// One *.so file of a plugin folder, judged by its bytes and permissions alone.
struct IndexedFile {
  std::filesystem::path file;    ///< canonical, or as found where it leads out of its folder
  std::filesystem::path folder;  ///< through which it was found
  PluginNote note{};             ///< valid where `has_note`
  bool has_note = false;
  std::string problem;  ///< why it cannot be used, "" where it can: the end of a sentence that starts with the file
  std::string warning;  ///< likewise, where it can be used because everybody is trusted
  std::vector<Offer> offers;
};

/// What is in the folders, in their order and by file name; built from notes, no code runs.
std::vector<IndexedFile> index_plugins(const std::vector<std::filesystem::path>& folders, Trust trust = Trust::owner);

/// One file by itself, wherever it lies.
IndexedFile judge_file(const std::filesystem::path& file, Trust trust = Trust::owner);

/// "efficientnet_b0": [a-z][a-z0-9_]*, at most 64 characters.
bool is_plugin_name(const std::string& name);

}  // namespace mtl::host
