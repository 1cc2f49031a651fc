#include "framework/report/page/data_uri.h"

#include <algorithm>
#include <string_view>

namespace mtl {

std::string data_uri(const std::string& type, const std::vector<uint8_t>& bytes) {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string uri = "data:" + type + ";base64,";
  for (size_t i = 0; i < bytes.size(); i += 3) {
    const size_t there = std::min<size_t>(3, bytes.size() - i);
    uint32_t group = 0;
    for (size_t k = 0; k < 3; ++k) group = group << 8 | (k < there ? bytes[i + k] : 0u);
    for (size_t k = 0; k < 4; ++k) uri += k <= there ? alphabet[group >> (18 - 6 * k) & 63] : '=';
  }
  return uri;
}

}  // namespace mtl
