#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mtl {

struct ImageHeader {
  std::string format;  ///< PNG, JPEG, BMP, TIFF
  uint64_t width, height;
};

/// Reads format and size from the first bytes of a file (the whole of it for a JPEG or TIFF whose size stands late);
/// nothing where it is none of the four formats or ends too early.
std::optional<ImageHeader> parse_image_header(std::string_view bytes);

/// Whether the file's end is there: PNG's IEND chunk, JPEG's end marker, BMP's last row. TIFF is judged by its decoder.
bool has_image_end(const ImageHeader& header, std::string_view bytes);

}  // namespace mtl
