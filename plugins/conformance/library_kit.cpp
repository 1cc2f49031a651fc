#include "plugins/conformance/library_kit.h"

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>

#include "mtl/error.h"
#include "mtl/text.h"
#include "plugins/conformance/exported_symbols.h"
#include "plugins/conformance/kits.h"
#include "plugins/host/captured_output.h"
#include "plugins/host/child_process.h"
#include "plugins/host/library_file.h"
#include "plugins/host/plugin_index.h"
#include "plugins/host/plugin_registry.h"

namespace mtl::conformance {
namespace {

constexpr const char* library = "the library";
constexpr const char* silence = "nothing is printed to standard output";

/// Writes what it hears as lines of a mark and a text, for the process that waits.
class Transmitter : public Checks::Listener {
 public:
  explicit Transmitter(const host::Write& write) : write_(write) {}
  void about(const std::string& what) { line('#', what); }
  void begin(const std::string& promise) override { line('?', promise); }
  void end(const std::string& broken) override { line('=', broken); }

 private:
  void line(char mark, std::string text) {
    std::replace_if(
        text.begin(), text.end(), [](unsigned char c) { return c < ' '; }, ' ');
    write_(mark + text + "\n");
  }
  const host::Write& write_;
};

/// The findings of a transmission; the last promise is broken by the library's death where there is one.
std::vector<Finding> received(const host::ChildReport& report) {
  std::vector<Finding> findings;
  std::istringstream lines(report.text);
  std::string about = library;
  bool is_open = false;
  for (std::string line; std::getline(lines, line);) {
    const std::string text = line.substr(1);
    if (line[0] == '#') about = text;
    if (line[0] == '?') findings.push_back({about, text, ""});
    if (line[0] == '=') findings.back().broken = text;
    is_open = line[0] == '?';
  }
  if (!is_open && !report.death.empty()) findings.push_back({about, "it lets the engine live", ""});
  if (!report.death.empty()) findings.back().broken = report.death;
  if (!report.error.empty()) findings.push_back({about, "it can be checked", report.error});
  return findings;
}

std::string copies_of_torch() {
  std::set<std::string> files;
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);)
    if (const size_t path = line.find('/');
        path != std::string::npos && line.find("/libtorch_cpu.so") != std::string::npos)
      files.insert(line.substr(path));
  return files.size() <= 1 ? "" : "brings a second LibTorch along: " + join({files.begin(), files.end()}, ", ");
}

std::string exports_more(const std::filesystem::path& file) {
  static const std::set<std::string> of_every_library{"_init", "_fini", "__bss_start", "_edata", "_end"};
  std::vector<std::string> others;
  for (std::string& name : exported_symbols(file))
    if (name.rfind("mtl_plugin_", 0) != 0 && of_every_library.count(name) == 0) others.push_back(std::move(name));
  if (others.empty()) return "";
  return "it exports " + quoted_list(others, 3) +
         " too; build it with mtl_add_plugin, or link it with its version script";
}

std::set<std::string> names_of(const PluginApi& api) {
  std::set<std::string> names;
  for (size_t i = 0; i < api.count; ++i)
    names.insert(std::string(host::name_of(api.items[i].kind)) + ":" + api.items[i].name);
  return names;
}

std::string differs_from_note(const PluginApi& api, const std::vector<host::Offer>& offers) {
  std::set<std::string> stated;
  for (const host::Offer& offer : offers) stated.insert(offer.kind + ":" + offer.name);
  const std::set<std::string> offered = names_of(api);
  if (stated == offered) return "";
  return "its note offers " + join({stated.begin(), stated.end()}, ", ") + ", its entry function " +
         join({offered.begin(), offered.end()}, ", ");
}

void check_item(const PluginItem& item, Checks& checks) {
  switch (item.kind) {
    case PluginKind::backbone:
      return check_backbone(item, checks);
    case PluginKind::head:
      return check_head(item, checks);
    case PluginKind::weighting:
      return check_weighting(item, checks);
  }
}

void check_in_this_process(const host::IndexedFile& file, Transmitter& to) {
  const host::CapturedOutput output;  // nobody's table of results is torn
  Checks checks(to);
  host::LoadedLibrary loaded;
  const bool loads = checks.keeps("it can be loaded, and says what it offers", [&] {
    loaded = host::load_library(file.file);
    return loaded.problem;
  });
  if (!loads) return;
  checks.keeps("its entry function offers what its note says",
               [&] { return differs_from_note(*loaded.api, file.offers); });
  checks.keeps("it exports the contract's functions and nothing else", [&] { return exports_more(file.file); });
  checks.keeps("one LibTorch is loaded, the engine's", copies_of_torch);
  for (size_t i = 0; i < loaded.api->count; ++i) {
    const PluginItem& item = loaded.api->items[i];
    to.about(std::string(host::name_of(item.kind)) + " " + in_quotes(item.name));
    check_item(item, checks);
  }
  to.about(library);
  checks.keeps(silence, [&]() -> std::string {
    return output.text().empty() ? "" : "it prints; log through an exception's text";
  });
}

}  // namespace

std::vector<Finding> check_library(const std::filesystem::path& file, int seconds) {
  const host::IndexedFile judged = host::judge_file(file);
  std::vector<Finding> findings{
      {library, "its file is an ELF library with a note that fits this engine", judged.problem}};
  if (!judged.problem.empty()) return findings;
  const host::ChildReport report = host::in_child(
      [&](const host::Write& write) {
        Transmitter to(write);
        check_in_this_process(judged, to);
      },
      seconds);
  const std::vector<Finding> found = received(report);
  findings.insert(findings.end(), found.begin(), found.end());
  return findings;
}

}  // namespace mtl::conformance
