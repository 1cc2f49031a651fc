#pragma once

#include <cstddef>
#include <string>
#include <string_view>

/// What the files of a bundle are called.
namespace mtl::bundle_name {

inline constexpr const char* facts = "bundle.json";
inline constexpr const char* config = "config.toml";
inline constexpr const char* weights = "model.safetensors";
inline constexpr const char* decisions = "decisions.json";  ///< may be missing
inline constexpr const char* golden = "golden.json";
inline constexpr const char* digests = "SHA256SUMS";

inline constexpr size_t most_files = 64;

/// "golden/07.png" of the picture with index 7.
std::string picture(size_t index);

/// Throws mtl::Error unless the name is SHA256SUMS, or small letters, digits, '_', '.', '-' and single '/' between
/// parts that are neither "." nor "..": what a bundle holds can be written nowhere but below its own folder.
void require_plain(std::string_view name);

}  // namespace mtl::bundle_name
