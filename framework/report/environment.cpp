#include "framework/report/environment.h"

#include <sys/utsname.h>
#include <unistd.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <thread>

#include "framework/support/atomic_file.h"

namespace mtl {
namespace {

/// The value of the first "key : value" or KEY=value line of a system file, "" where there is none.
std::string fact(const char* file, const std::string& key, char separator) {
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    const size_t at = line.find(separator);
    if (at == std::string::npos || line.compare(0, key.size(), key) != 0) continue;
    const size_t begin = line.find_first_not_of(" \t\"", at + 1), end = line.find_last_not_of(" \t\"");
    return begin == std::string::npos ? "" : line.substr(begin, end - begin + 1);
  }
  return "";
}

}  // namespace

void write_environment(const std::filesystem::path& file, const Environment& environment) {
  utsname host{};
  uname(&host);
  const auto memory = static_cast<double>(sysconf(_SC_PHYS_PAGES)) * static_cast<double>(sysconf(_SC_PAGESIZE));
  nlohmann::ordered_json facts{{"engine_version", environment.engine_version},
                               {"torch_version", environment.torch_version},
                               {"compiler", environment.compiler},
                               {"device", environment.device},
                               {"threads", environment.threads},
                               {"system", fact("/etc/os-release", "PRETTY_NAME", '=')},
                               {"kernel", host.release},
                               {"machine", host.machine},
                               {"processor", fact("/proc/cpuinfo", "model name", ':')},
                               {"cores", std::thread::hardware_concurrency()},
                               {"memory_gib", std::round(memory / (1 << 30) * 10) / 10}};
  if (!environment.weights.empty())
    facts["weights"] = {{"file", environment.weights}, {"sha256", environment.weights_sha256}};
  write_file(file, facts.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n");
}

}  // namespace mtl
