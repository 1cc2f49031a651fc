#pragma once

#include <filesystem>
#include <string>

namespace mtl {

/// What a result depends on besides configuration and data.
struct Environment {
  std::string engine_version, torch_version, compiler, device;
  int threads = 0;
};

/// environment.json: these facts and those of the host (system, kernel, processor, cores, memory).
void write_environment(const std::filesystem::path& file, const Environment& environment);

}  // namespace mtl
