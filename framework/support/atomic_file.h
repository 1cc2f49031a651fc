#pragma once

#include <filesystem>
#include <functional>
#include <string_view>

namespace mtl {

/// A file appears whole or not at all: `write` fills a temporary name in the same folder, which is then flushed to the
/// disk and renamed. On failure the temporary file is removed, what stood under the name before stays, and mtl::Error
/// names the file and the system's reason.
void write_file(const std::filesystem::path& file, std::string_view content);

/// The same for content that a library writes itself to the path it is given (which keeps the file's extension).
void write_file_with(const std::filesystem::path& file, const std::function<void(const std::filesystem::path&)>& write);

/// Has the disk hold what was written to a file so far. Throws mtl::Error that names it and the system's reason.
void flush_to_disk(const std::filesystem::path& file);

/// Gives a folder its name once all in it is flushed, whole or not at all. Throws mtl::Error that names it and the
/// system's reason.
void rename_folder(const std::filesystem::path& from, const std::filesystem::path& to);

/// Makes the folder and its parents; throws mtl::Error that names it and the system's reason.
void make_folder(const std::filesystem::path& folder);

}  // namespace mtl
