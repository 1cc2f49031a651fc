#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace mtl::conformance {

/// The names that a library of this process gives to others, in the order of its table. The file must be loaded; where
/// it is not, or has no table of the GNU kind, there are none.
std::vector<std::string> exported_symbols(const std::filesystem::path& file);

}  // namespace mtl::conformance
