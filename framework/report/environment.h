#pragma once

#include <filesystem>
#include <string>

namespace mtl {

/// What a result depends on besides configuration and data.
struct Environment {
  std::string engine_version, torch_version, compiler, device;
  int threads = 0;
  std::string weights, weights_sha256;  ///< the file that the backbone started from, and its digest; "": none
};

/// environment.json: these facts and those of the host (system, kernel, processor, cores, memory).
void write_environment(const std::filesystem::path& file, const Environment& environment);

}  // namespace mtl
