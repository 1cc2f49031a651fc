#include "framework/cli/plugins_command.h"

#include <algorithm>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <ostream>
#include <sstream>

#include "framework/config/problems.h"
#include "mtl/error.h"
#include "mtl/text.h"
#include "plugins/conformance/library_kit.h"
#include "plugins/host/child_process.h"
#include "plugins/host/option_check.h"
#include "plugins/host/plugin_registry.h"

namespace mtl {
namespace {

using namespace host;

constexpr int time_limit_seconds = 20;

/// What `work` returns when it runs in a child process; mtl::Error where the child throws, crashes or does not end.
std::string told_by_child(const std::string& what, const std::function<std::string()>& work) {
  const ChildReport report = in_child([&](const Write& write) { write(work()); }, time_limit_seconds);
  if (!report.death.empty()) throw Error(what + " " + report.death + " while it was loaded");
  if (!report.error.empty()) throw Error(report.error);
  return report.text;
}

std::optional<PluginKind> kind_named(const std::string& kind) {
  for (PluginKind candidate : {PluginKind::backbone, PluginKind::head, PluginKind::weighting})
    if (kind == name_of(candidate)) return candidate;
  return {};
}

const char* table_of(PluginKind kind) {
  return kind == PluginKind::backbone ? "[backbone]" : kind == PluginKind::head ? "[[tasks]]" : "[weighting]";
}

std::string option_table(const std::vector<OptionSpec>& options) {
  if (options.empty()) return "  no options\n";
  size_t widest = 0;
  for (const OptionSpec& option : options) widest = std::max(widest, option.name.size());
  std::ostringstream text;
  for (const OptionSpec& option : options) {
    const std::string range = range_text(option);
    text << "  " << option.name << std::string(widest - option.name.size(), ' ') << "  " << type_name(option.type)
         << ", " << (option.default_value ? "default " + to_toml(*option.default_value) : "needed")
         << (range.empty() ? "" : ", " + range) << "\n"
         << std::string(widest + 4, ' ') << option.doc << "\n";
  }
  return text.str();
}

std::string toml_block(const PluginItem& item) {
  std::ostringstream text;
  text << "# " << item.summary << "\n" << table_of(item.kind) << "\n";
  if (item.kind == PluginKind::head) text << "name = \"" << item.name << "\"\nweight = 1.0\n";
  text << "plugin = \"" << item.name << "\"\n";
  for (const OptionSpec& option : item.options) {
    const std::string range = range_text(option);
    text << "# " << option.doc << (range.empty() ? "" : " (" + range + ")") << "\n"
         << (option.default_value ? option.name + " = " + to_toml(*option.default_value)
                                  : "# " + option.name + " =    needed")
         << "\n";
  }
  return text.str();
}

std::string description(const LoadedItem& found) {
  std::ostringstream text;
  text << found.item->name << ": " << found.item->summary << "\n"
       << "  kind     " << name_of(found.item->kind) << "\n"
       << "  file     " << found.file.string() << "\n"
       << "  library  " << found.note.name << " " << found.note.version << ", " << found.note.licence << "\n"
       << "  built    LibTorch " << found.note.torch_major << "." << found.note.torch_minor << ", "
       << found.note.compiler << "\n\noptions\n"
       << option_table(found.item->options);
  return text.str();
}

}  // namespace

int plugins_list(const PluginAccess& access, std::ostream& out) {
  const PluginRegistry registry = open_plugins(access, {});
  for (const auto& folder : registry.folders()) {
    out << folder.string() << "\n";
    for (const IndexedFile& file : registry.files()) {
      if (file.folder != folder) continue;
      out << "  " << file.file.filename().string();
      if (file.has_note)
        out << "  " << file.note.version << "  LibTorch " << file.note.torch_major << "." << file.note.torch_minor
            << "  " << file.note.compiler << "  " << file.note.summary;
      out << "\n";
      if (!file.warning.empty()) out << "    used all the same: it " << file.warning << "\n";
      if (!file.problem.empty()) out << "    unusable: it " << file.problem << "\n";
      for (const Offer& offer : file.offers) out << "    " << offer.kind << " " << offer.name << "\n";
    }
  }
  if (registry.folders().empty()) out << "no plugin folder is there\n";
  return 0;
}

int plugins_show(const std::string& name, bool as_toml, const PluginAccess& access, std::ostream& out) {
  const PluginRegistry registry = open_plugins(access, {});
  std::vector<std::string> names;
  for (const IndexedFile& file : registry.files())
    for (const Offer& offer : file.offers) {
      names.push_back(offer.name);
      const auto kind = kind_named(offer.kind);
      if (offer.name != name || !kind) continue;
      out << told_by_child(file.file.string(), [&] {
        const LoadedItem found = registry.find(*kind, name, "plugins show");
        return as_toml ? toml_block(*found.item) : description(found);
      });
      return 0;
    }
  throw ConfigError(
      {"there is no plugin " + in_quotes(name) + did_you_mean(name, names) + "; there are " + quoted_list(names)});
}

int plugins_check(const std::filesystem::path& file, int seconds, bool as_json, std::ostream& out) {
  std::error_code error;
  if (!std::filesystem::exists(file, error))
    throw ConfigError(
        {"there is no file " + in_quotes(file.string()) + " to check; give the path of a plugin's library"});
  const std::vector<conformance::Finding> findings = conformance::check_library(file, seconds);
  const auto broken =
      std::count_if(findings.begin(), findings.end(), [](const auto& finding) { return !finding.kept(); });
  if (as_json) {
    nlohmann::ordered_json checks = nlohmann::ordered_json::array();
    for (const conformance::Finding& finding : findings)
      checks.push_back({{"about", finding.about},
                        {"promise", finding.promise},
                        {"kept", finding.kept()},
                        {"found", finding.broken}});
    const nlohmann::ordered_json report{{"file", file.string()}, {"passed", broken == 0}, {"checks", checks}};
    out << report.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) << "\n";
  } else {
    std::string about;
    for (const conformance::Finding& finding : findings) {
      if (finding.about != about) out << (about = finding.about) << "\n";
      out << "  " << (finding.kept() ? "ok      " : "broken  ") << finding.promise;
      if (!finding.kept()) out << ": " << finding.broken;
      out << "\n";
    }
    out << file.string() << ": "
        << (broken == 0 ? "all " + std::to_string(findings.size()) + " promises are kept"
                        : std::to_string(broken) + " of " + std::to_string(findings.size()) + " promises are broken")
        << "\n";
  }
  return broken == 0 ? 0 : 1;
}

}  // namespace mtl
