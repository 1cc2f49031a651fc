#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "mtl/plugin_note.h"

namespace mtl::host {

/// A plugin's note, or why there is none. Exactly one of the two is set.
struct NoteReading {
  std::optional<PluginNote> note;
  std::string problem;  ///< the end of a sentence that starts with the file: "is no ELF shared library"
};

/// Reads the note out of the file's bytes; none of its code runs, whatever the file is. Texts in the note end in a zero
/// and hold printable ASCII only.
NoteReading read_note(const std::filesystem::path& file);

}  // namespace mtl::host
