// Any bytes as a safetensors file: the header gives entries that lie within the file, or a sentence.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "framework/model/safetensors_header.h"
#include "mtl/error.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  const std::string_view file(reinterpret_cast<const char*>(bytes), size);
  try {
    const mtl::SafetensorsHeader header = mtl::parse_safetensors(file);
    uint64_t end = 0;
    for (const mtl::SafetensorsEntry& entry : header.entries) {
      if (entry.begin != end || entry.end < entry.begin) std::abort();
      end = entry.end;
    }
    if (header.data_begin + end != size) std::abort();
  } catch (const mtl::Error& error) {
    if (std::string_view(error.what()).empty()) std::abort();
  }
  return 0;
}
