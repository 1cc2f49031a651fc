#include "framework/data/image_header.h"

#include <algorithm>

namespace mtl {
namespace {

/// Numbers out of bytes; 0 beyond their end, which no valid header has where it matters.
class Bytes {
 public:
  explicit Bytes(std::string_view data, bool little = false) : data_(data), little_(little) {}
  uint64_t at(size_t offset, size_t count) const {
    uint64_t value = 0;
    for (size_t i = 0; i < count; ++i) value = value << 8 | byte(offset + (little_ ? count - 1 - i : i));
    return value;
  }

 private:
  uint64_t byte(size_t i) const { return i < data_.size() ? static_cast<unsigned char>(data_[i]) : 0; }
  std::string_view data_;
  bool little_;
};

bool starts_with(std::string_view bytes, std::string_view magic) { return bytes.substr(0, magic.size()) == magic; }

std::optional<ImageHeader> parse_jpeg(std::string_view bytes) {
  const Bytes data(bytes);
  for (size_t at = 2; at + 9 <= bytes.size();) {
    if (data.at(at, 1) != 0xff) return {};
    const uint64_t marker = data.at(at + 1, 1);
    if (marker == 0xff) {  // fill byte
      ++at;
      continue;
    }
    const bool is_frame = marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
    if (is_frame) return ImageHeader{"JPEG", data.at(at + 7, 2), data.at(at + 5, 2)};
    const uint64_t length = data.at(at + 2, 2);
    if (length < 2) return {};
    at += 2 + length;
  }
  return {};
}

std::optional<ImageHeader> parse_tiff(std::string_view bytes) {
  const Bytes data(bytes, bytes[0] == 'I');
  const uint64_t directory = data.at(4, 4), entries = data.at(directory, 2);
  if (directory + 2 > bytes.size()) return {};
  ImageHeader header{"TIFF", 0, 0};
  for (uint64_t i = 0; i < entries; ++i) {
    const uint64_t entry = directory + 2 + 12 * i;
    if (entry + 12 > bytes.size()) return {};
    constexpr uint64_t short_type = 3, width_tag = 256, height_tag = 257;
    const uint64_t value = data.at(entry + 8, data.at(entry + 2, 2) == short_type ? 2 : 4);
    if (data.at(entry, 2) == width_tag) header.width = value;
    if (data.at(entry, 2) == height_tag) header.height = value;
  }
  return header;
}

}  // namespace

std::optional<ImageHeader> parse_image_header(std::string_view bytes) {
  using namespace std::string_view_literals;
  if (starts_with(bytes, "\x89PNG\r\n\x1a\n"sv) && bytes.size() >= 24) {
    const Bytes data(bytes);
    return ImageHeader{"PNG", data.at(16, 4), data.at(20, 4)};
  }
  if (starts_with(bytes, "\xff\xd8\xff"sv)) return parse_jpeg(bytes);
  if (starts_with(bytes, "BM"sv) && bytes.size() >= 26) {
    const Bytes data(bytes, true);
    const auto height = static_cast<int32_t>(static_cast<uint32_t>(data.at(22, 4)));  // negative: top row first
    return ImageHeader{"BMP", data.at(18, 4),
                       static_cast<uint64_t>(height < 0 ? -static_cast<int64_t>(height) : height)};
  }
  if ((starts_with(bytes, "II*\0"sv) || starts_with(bytes, "MM\0*"sv)) && bytes.size() >= 8) return parse_tiff(bytes);
  return {};
}

namespace {

/// An uncompressed BMP says how long it is: rows of whole 4-byte words after an offset.
bool has_bmp_rows(const ImageHeader& header, std::string_view bytes) {
  const Bytes data(bytes, true);
  if (data.at(30, 4) != 0 || header.width > 1 << 28) return true;  // compressed, or too large for anyone
  const uint64_t row = (header.width * data.at(28, 2) + 31) / 32 * 4;
  return header.height == 0 || row <= (bytes.size() - std::min<uint64_t>(bytes.size(), data.at(10, 4))) / header.height;
}

}  // namespace

bool has_image_end(const ImageHeader& header, std::string_view bytes) {
  using namespace std::string_view_literals;
  if (header.format == "BMP") return has_bmp_rows(header, bytes);
  if (header.format == "PNG") return bytes.find("IEND"sv) != std::string_view::npos;
  // Cameras append padding and previews, so the marker need not be the last two bytes.
  if (header.format == "JPEG")
    return bytes.rfind("\xff\xd9"sv) != std::string_view::npos && bytes.rfind("\xff\xd9"sv) > bytes.rfind("\xff\xda"sv);
  return true;
}

}  // namespace mtl
