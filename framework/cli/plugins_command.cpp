#include "framework/cli/plugins_command.h"

#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstring>
#include <functional>
#include <optional>
#include <ostream>
#include <sstream>

#include "framework/config/problems.h"
#include "mtl/error.h"
#include "mtl/text.h"
#include "plugins/host/option_check.h"
#include "plugins/host/plugin_registry.h"
#include "plugins/host/search_path.h"

namespace mtl {
namespace {

using namespace host;

constexpr int time_limit_ms = 20'000;

/// What `work` returns when it runs in a child process; mtl::Error where the child throws, crashes or does not end.
std::string in_child(const std::string& what, const std::function<std::string()>& work) {
  int ends[2];
  if (::pipe(ends) != 0) throw Error("cannot make a pipe to look into " + what);
  const pid_t child = ::fork();
  if (child < 0) throw Error("cannot start a process to look into " + what);
  if (child == 0) {
    ::close(ends[0]);
    std::string text;
    try {
      text = "+" + work();
    } catch (const std::exception& error) {
      text = std::string("-") + error.what();
    }
    for (size_t sent = 0; sent < text.size();) {
      const ssize_t n = ::write(ends[1], text.data() + sent, text.size() - sent);
      if (n <= 0) break;
      sent += static_cast<size_t>(n);
    }
    ::_exit(0);
  }
  ::close(ends[1]);
  std::string text;
  pollfd waiting{ends[0], POLLIN, 0};
  bool ended = false;
  for (char buffer[4096]; !ended && ::poll(&waiting, 1, time_limit_ms) > 0;) {
    const ssize_t n = ::read(ends[0], buffer, sizeof buffer);
    ended = n <= 0;
    if (n > 0) text.append(buffer, static_cast<size_t>(n));
  }
  ::close(ends[0]);
  if (!ended) ::kill(child, SIGKILL);
  int status = 0;
  ::waitpid(child, &status, 0);
  if (!ended) throw Error(what + " did not answer within 20 seconds of being loaded");
  if (WIFSIGNALED(status)) throw Error(what + " crashed while it was loaded (" + strsignal(WTERMSIG(status)) + ")");
  if (text.empty()) throw Error(what + " ended the process while it was loaded");
  if (text[0] == '-') throw Error(text.substr(1));
  return text.substr(1);
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

int plugins_list(const std::vector<std::filesystem::path>& plugin_dirs, std::ostream& out) {
  const PluginRegistry registry(plugin_folders(plugin_dirs, {}));
  for (const auto& folder : registry.folders()) {
    out << folder.string() << "\n";
    for (const IndexedFile& file : registry.files()) {
      if (file.folder != folder) continue;
      out << "  " << file.file.filename().string();
      if (file.has_note)
        out << "  " << file.note.version << "  LibTorch " << file.note.torch_major << "." << file.note.torch_minor
            << "  " << file.note.compiler << "  " << file.note.summary;
      out << "\n";
      if (!file.problem.empty()) out << "    unusable: it " << file.problem << "\n";
      for (const Offer& offer : file.offers) out << "    " << offer.kind << " " << offer.name << "\n";
    }
  }
  if (registry.folders().empty()) out << "no plugin folder is there\n";
  return 0;
}

int plugins_show(const std::string& name, bool as_toml, const std::vector<std::filesystem::path>& plugin_dirs,
                 std::ostream& out) {
  const PluginRegistry registry(plugin_folders(plugin_dirs, {}));
  std::vector<std::string> names;
  for (const IndexedFile& file : registry.files())
    for (const Offer& offer : file.offers) {
      names.push_back(offer.name);
      const auto kind = kind_named(offer.kind);
      if (offer.name != name || !kind) continue;
      out << in_child(file.file.string(), [&] {
        const LoadedItem found = registry.find(*kind, name, "plugins show");
        return as_toml ? toml_block(*found.item) : description(found);
      });
      return 0;
    }
  throw ConfigError(
      {"there is no plugin " + in_quotes(name) + did_you_mean(name, names) + "; there are " + quoted_list(names)});
}

}  // namespace mtl
