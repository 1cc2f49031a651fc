#include "framework/cli/plugins_new.h"

#include <cctype>
#include <fstream>
#include <iterator>
#include <ostream>

#include "framework/config/problems.h"
#include "framework/support/atomic_file.h"
#include "mtl/error.h"
#include "mtl/text.h"
#include "plugins/host/plugin_index.h"
#include "plugins/host/search_path.h"

namespace mtl {
namespace {

namespace fs = std::filesystem;

/// "edge_quality" -> "EdgeQuality".
std::string class_name(const std::string& name) {
  std::string result;
  bool starts_word = true;
  for (const char c : name) {
    if (c != '_') result += starts_word ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
    starts_word = c == '_';
  }
  return result;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
    text.replace(at, from.size(), to);
  return text;
}

std::string content_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(in), {}};
  if (!in) throw Error("cannot read the template " + in_quotes(file.string()) + "; install the engine again");
  return text;
}

}  // namespace

int plugins_new(const std::string& name, const std::string& kind, const fs::path& parent, std::ostream& out) {
  if (!host::is_plugin_name(name))
    throw ConfigError({in_quotes(name) +
                       " cannot be a plugin's name; small letters, digits and '_' are expected, a letter "
                       "first, at most 64 of them"});
  const fs::path origin = host::installed_data_folder() / "template" / kind;
  std::error_code error;
  if (!fs::is_directory(origin, error))
    throw Error("the template of a " + kind + " is not in " + in_quotes(origin.string()) +
                "; install the engine again");
  const fs::path folder = parent / name;
  if (fs::exists(fs::symlink_status(folder, error)))
    throw Error(in_quotes(folder.string()) + " is there already; give another name or, with --dir, another folder");
  make_folder(folder);
  const std::string stand_in = "my_" + kind;
  for (const fs::directory_entry& entry : fs::directory_iterator(origin)) {
    const std::string text = replaced(content_of(entry.path()), stand_in, name);
    write_file(folder / replaced(entry.path().filename().string(), stand_in, name),
               replaced(text, class_name(stand_in), class_name(name)));
  }
  out << "wrote " << folder.string() << "; its README.md says how to build it\n";
  return 0;
}

}  // namespace mtl
