#include "plugins/host/library_file.h"

#include <cxxabi.h>

#include <boost/dll/shared_library.hpp>
#include <cstdlib>
#include <map>
#include <memory>
#include <mutex>

#include "mtl/text.h"
#include "plugins/host/captured_output.h"
#include "plugins/host/child_process.h"

namespace mtl::host {
namespace {

constexpr int most_seconds_to_open = 20;

std::string demangled(const std::string& symbol) {
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> text(abi::__cxa_demangle(symbol.c_str(), nullptr, nullptr, &status),
                                                         &std::free);
  return status == 0 ? text.get() : symbol;
}

/// What dlerror says, told apart: a symbol that nothing defines, a library that is not there, anything else.
std::string explain(const std::string& error) {
  const std::string undefined = "undefined symbol: ", missing = ": cannot open shared object file";
  if (const size_t at = error.find(undefined); at != std::string::npos) {
    const std::string symbol = error.substr(at + undefined.size());
    return "needs the symbol " + in_quotes(demangled(symbol.substr(0, symbol.find_first_of(" \t\n,()")))) +
           ", which neither the engine nor LibTorch defines; link the library that does, or build it again";
  }
  if (const size_t end = error.find(missing); end != std::string::npos) {
    const std::string before = error.substr(0, end);
    const size_t begin = before.find_last_of(" :");
    return "needs the library " + in_quotes(begin == std::string::npos ? before : before.substr(begin + 1)) +
           ", which is not there; install it";
  }
  return "cannot be loaded: " + error;
}

/// LibTorch keeps vtables and deleters of a plugin's objects beyond any point the engine sees: nothing is ever closed.
std::map<std::string, boost::dll::shared_library>& open_libraries() {
  static auto* const libraries = new std::map<std::string, boost::dll::shared_library>;
  return *libraries;
}

LoadedLibrary ask(const boost::dll::shared_library& library) {
  if (!library.has(entry_name))
    return {nullptr,
            std::string("has a plugin note but no function ") + entry_name + "; build it again with MTL_PLUGIN"};
  const PluginApi* api = library.get<const PluginApi*()>(entry_name)();
  if (!api) return {nullptr, "failed to say what it offers: its entry function returned nothing"};
  if (api->size != sizeof(PluginApi) || api->sdk_abi != sdk_abi)
    return {nullptr, "has an entry function of another SDK than its note says; build it again"};
  return {api, ""};
}

LoadedLibrary open(const std::filesystem::path& file) {
  auto& libraries = open_libraries();
  try {
    auto found = libraries.find(file.string());
    if (found == libraries.end())
      found =
          libraries.emplace(file.string(), boost::dll::shared_library(file.string(), boost::dll::load_mode::rtld_now))
              .first;
    return ask(found->second);
  } catch (const std::exception& error) {
    return {nullptr, explain(error.what())};
  }
}

/// What becomes of a process that opens the library, "" where it lives on.
std::string harm_of_opening(const std::filesystem::path& file) {
  const ChildReport report = in_child(
      [&](const Write&) {
        const CapturedOutput silence;  // it is heard when it is opened in earnest
        open(file);
      },
      most_seconds_to_open);
  if (report.death.empty()) return "";
  return report.death + " while it was loaded; build it again, or take it out of the plugin folder";
}

}  // namespace

LoadedLibrary load_library(const std::filesystem::path& file) {
  static std::mutex mutex;
  const std::lock_guard lock(mutex);
  if (!open_libraries().count(file.string()))
    if (const std::string harm = harm_of_opening(file); !harm.empty()) return {nullptr, harm};
  return open(file);
}

}  // namespace mtl::host
