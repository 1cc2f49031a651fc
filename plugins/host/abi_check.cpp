#include "plugins/host/abi_check.h"

#include <vector>

#include "mtl/plugin.h"
#include "mtl/text.h"

namespace mtl::host {
namespace {

std::string torch_text(const PluginNote& note) {
  return std::to_string(note.torch_major) + "." + std::to_string(note.torch_minor);
}

std::string sanitizer_text(uint32_t sanitizers) {
  if (sanitizers == 0) return "none";
  return sanitizers == 1 ? "address" : sanitizers == 2 ? "thread" : "address and thread";
}

}  // namespace

PluginNote engine_note() {
  return make_note({.name = "mtl_engine", .version = "", .licence = "", .summary = "", .offers = ""});
}

std::string abi_mismatch(const PluginNote& plugin, const PluginNote& engine) {
  std::vector<std::string> found;
  const auto compare = [&](const char* what, const std::string& theirs, const std::string& ours) {
    if (theirs != ours) found.push_back(std::string(what) + " " + theirs + " (the engine: " + ours + ")");
  };
  compare("SDK ABI", std::to_string(plugin.sdk_abi), std::to_string(engine.sdk_abi));
  compare("LibTorch", torch_text(plugin), torch_text(engine));
  if (plugin.torch_cuda > engine.torch_cuda) found.push_back("LibTorch with CUDA (the engine: without)");
  compare("_GLIBCXX_USE_CXX11_ABI", std::to_string(plugin.cxx11_abi), std::to_string(engine.cxx11_abi));
  compare("ELF machine", std::to_string(plugin.machine), std::to_string(engine.machine));
  compare("sanitizers", sanitizer_text(plugin.sanitizers), sanitizer_text(engine.sanitizers));
  compare("_GLIBCXX_DEBUG", std::to_string(plugin.debug_stl), std::to_string(engine.debug_stl));
  if (found.empty()) return "";
  return "was built with " + join(found, ", ") + "; build it again with what the engine was built with";
}

}  // namespace mtl::host
