// Any text as a configuration: settings that are written out and read again to the same text, or sentences.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "framework/config/resolved_config.h"
#include "framework/config/run_config_loader.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  const std::string text(reinterpret_cast<const char*>(bytes), size);
  std::string written;
  try {
    written = mtl::resolved_toml(mtl::parse_run_config(text, "fuzz.toml"));
  } catch (const mtl::ConfigError& error) {
    if (std::string(error.what()).empty()) std::abort();
    return 0;
  }
  mtl::parse_run_config(written, "again.toml");  // what was accepted once is accepted again
  return 0;
}
