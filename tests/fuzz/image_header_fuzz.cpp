// Any bytes as a picture: what is known of its size before it is decoded is read within the bytes.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "framework/data/image_header.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  const std::string_view file(reinterpret_cast<const char*>(bytes), size);
  if (const auto header = mtl::parse_image_header(file)) {
    if (header->format.empty()) std::abort();
    mtl::has_image_end(*header, file);
  }
  return 0;
}
