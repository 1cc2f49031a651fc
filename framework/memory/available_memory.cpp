#include "framework/memory/available_memory.h"

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <map>
#include <optional>
#include <string>

namespace mtl {
namespace {

namespace fs = std::filesystem;

/// Lines of a name and a number, as "MemAvailable:  1234 kB" and "inactive_file 5678".
std::map<std::string, size_t> numbers_in(const fs::path& path) {
  std::map<std::string, size_t> numbers;
  std::ifstream file(path);
  std::string name, rest;
  for (size_t number = 0; file >> name >> number && std::getline(file, rest);) numbers[name] = number;
  return numbers;
}

std::optional<size_t> number_in(const fs::path& path) {
  std::ifstream file(path);
  size_t number = 0;
  if (!(file >> number)) return {};  // "max" too
  return number;
}

size_t of_the_machine(const fs::path& root) {
  const auto kilobytes = numbers_in(root / "proc/meminfo");
  const auto available = kilobytes.find("MemAvailable:"), swap = kilobytes.find("SwapFree:");
  if (available == kilobytes.end()) return SIZE_MAX;
  return (available->second + (swap == kilobytes.end() ? 0 : swap->second)) << 10;
}

size_t of_group(const fs::path& group) {
  const auto most = number_in(group / "memory.max"), current = number_in(group / "memory.current");
  if (!most || !current) return SIZE_MAX;
  const auto parts = numbers_in(group / "memory.stat");
  size_t caches = 0;
  for (const char* name : {"active_file", "inactive_file"})
    if (const auto part = parts.find(name); part != parts.end()) caches += part->second;
  const size_t used = *current - std::min(*current, caches);
  return *most - std::min(*most, used);
}

/// "0::/system.slice/x.service" -> "system.slice/x.service"
fs::path own_group(const fs::path& root) {
  std::ifstream file(root / "proc/self/cgroup");
  for (std::string line; std::getline(file, line);)
    if (line.rfind("0::/", 0) == 0) return line.substr(4);
  return {};
}

}  // namespace

size_t available_memory(const fs::path& root) {
  size_t available = of_the_machine(root);
  const fs::path groups = root / "sys/fs/cgroup";
  fs::path group = groups;
  available = std::min(available, of_group(group));
  for (const fs::path& name : own_group(root)) available = std::min(available, of_group(group /= name));
  return available;
}

}  // namespace mtl
