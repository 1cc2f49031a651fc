#pragma once

#include <filesystem>
#include <functional>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

namespace mtl {

/// Gives paths of pictures one after the other; nothing at the end.
using NextPicture = std::function<std::optional<std::filesystem::path>()>;

/// The pictures that a command line names: a file; a folder, of which every file with the ending of a picture is taken,
/// those below it too, in the order of their names; a pattern with * ? [ ] for a shell that did not expand it; a
/// manifest
/// (.csv, its `image_column`); "-" for a path per line of `in`, read as they are needed. Throws mtl::Error for a path
/// that is nothing of these, a folder or pattern without a picture, and a manifest that cannot be read.
NextPicture pictures_of(const std::vector<std::string>& paths, const std::string& image_column, std::istream& in);

/// Whether a file's name ends as a picture's does: .png .jpg .jpeg .bmp .tif .tiff, in either case.
bool is_picture_name(const std::filesystem::path& file);

}  // namespace mtl
