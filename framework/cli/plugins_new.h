#pragma once

#include <filesystem>
#include <iosfwd>
#include <string>

namespace mtl {

/// `plugins new NAME`: writes a project that builds a plugin of a kind (head, backbone, weighting) and passes its own
/// tests, into the new folder `parent`/NAME. Throws ConfigError for a name that cannot be one, mtl::Error where the
/// folder is there already or cannot be written.
int plugins_new(const std::string& name, const std::string& kind, const std::filesystem::path& parent,
                std::ostream& out);

}  // namespace mtl
