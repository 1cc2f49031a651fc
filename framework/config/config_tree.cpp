#include "framework/config/config_tree.h"

#include <toml++/toml.h>

#include <algorithm>
#include <fstream>
#include <optional>
#include <sstream>
#include <utility>

#include "mtl/text.h"

namespace mtl {
namespace fs = std::filesystem;
namespace {

constexpr uintmax_t largest_file = 1 << 20;
constexpr size_t deepest_chain = 16;

/// One TOML document with what its positions are called.
struct Document {
  std::string name;  // leads positions; for an override the whole of it
  bool has_lines;
  fs::path folder;

  Origin origin(const toml::node& node) const {
    const auto& begin = node.source().begin;
    if (!has_lines) return {name, folder};
    return {name + ":" + std::to_string(begin.line) + ":" + std::to_string(begin.column), folder};
  }
};

std::string type_text(const toml::node& node) {
  std::ostringstream text;
  text << node.type();
  return text.str();
}

ConfigTable convert(const toml::table& table, const Document& document);

ConfigNode convert_array(const toml::array& array, const Document& document) {
  ConfigNode node{Unusable{"list of mixed or nested values"}, document.origin(array), {}};
  const auto all = [&](auto&& is) { return std::all_of(array.begin(), array.end(), is); };
  if (all([](const toml::node& item) { return item.is_string(); })) {
    std::vector<std::string> items;
    for (const toml::node& item : array) items.push_back(*item.value<std::string>());
    node.value = OptionValue(std::move(items));
  } else if (all([](const toml::node& item) { return item.is_number(); })) {
    std::vector<double> numbers;
    for (const toml::node& item : array)
      numbers.push_back(item.is_integer() ? static_cast<double>(item.as_integer()->get())
                                          : item.as_floating_point()->get());
    node.value = std::move(numbers);
  } else if (all([](const toml::node& item) { return item.is_table(); })) {
    std::vector<ConfigTable> tables;
    for (const toml::node& item : array) {
      tables.push_back(convert(*item.as_table(), document));
      node.item_origins.push_back(document.origin(item));
    }
    node.value = std::move(tables);
  }
  return node;
}

ConfigNode convert_node(const toml::node& node, const Document& document) {
  const Origin origin = document.origin(node);
  if (const toml::table* table = node.as_table()) return {convert(*table, document), origin, {}};
  if (const toml::array* array = node.as_array()) return convert_array(*array, document);
  if (const auto* text = node.as_string()) return {OptionValue(text->get()), origin, {}};
  if (const auto* flag = node.as_boolean()) return {OptionValue(flag->get()), origin, {}};
  if (const auto* number = node.as_integer()) return {OptionValue(number->get()), origin, {}};
  if (const auto* number = node.as_floating_point()) return {OptionValue(number->get()), origin, {}};
  return {Unusable{type_text(node)}, origin, {}};
}

ConfigTable convert(const toml::table& table, const Document& document) {
  ConfigTable result;
  for (const auto& [key, node] : table) result.emplace(std::string(key.str()), convert_node(node, document));
  return result;
}

void merge(ConfigTable& below, ConfigTable&& above) {
  for (auto& [key, node] : above) {
    const auto found = below.find(key);
    auto* upper = std::get_if<ConfigTable>(&node.value);
    auto* lower = found == below.end() ? nullptr : std::get_if<ConfigTable>(&found->second.value);
    if (upper && lower) {
      merge(*lower, std::move(*upper));
      found->second.origin = node.origin;
    } else {
      below.insert_or_assign(key, std::move(node));
    }
  }
}

[[noreturn]] void fail(const std::string& where, const std::string& sentence) {
  throw ConfigError({where + ": " + sentence});
}

std::string read_text(const fs::path& file, const std::string& asked_by) {
  std::error_code error;
  const auto status = fs::status(file, error);
  const std::string where = asked_by.empty() ? file.string() : asked_by;
  const std::string what =
      asked_by.empty() ? "the configuration" : "the file to extend, " + in_quotes(file.string()) + ",";
  if (!fs::exists(status)) fail(where, what + " is not there; give the path of a TOML file");
  if (!fs::is_regular_file(status)) fail(where, what + " is no file; give the path of a TOML file");
  if (fs::file_size(file, error) > largest_file) fail(where, what + " is larger than 1 MiB; a TOML file is expected");
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  if (!in) fail(where, what + " cannot be read; check its permissions");
  return text.str();
}

toml::table parse(const std::string& text, const std::string& name, bool has_lines) {
  try {
    return toml::parse(text, name);
  } catch (const toml::parse_error& error) {
    const auto& at = error.source().begin;
    std::string description(error.description());
    std::replace(description.begin(), description.end(), '\n', ' ');
    fail(has_lines ? name + ":" + std::to_string(at.line) + ":" + std::to_string(at.column) : name,
         "this is no valid TOML: " + description);
  }
}

ConfigTable read_chain(const fs::path& file, const std::string& asked_by, std::vector<fs::path>& chain) {
  std::error_code error;
  const fs::path canonical = fs::weakly_canonical(file, error);
  const bool circle = std::find(chain.begin(), chain.end(), canonical) != chain.end();
  chain.push_back(canonical);
  if (circle || chain.size() > deepest_chain) {
    std::vector<std::string> names;
    for (const fs::path& link : chain) names.push_back(link.filename().string());
    fail(asked_by,
         std::string(circle ? "the files extend each other in a circle: " : "too many files extend each other: ") +
             join(names, " -> "));
  }
  const Document document{file.string(), true, fs::absolute(file, error).parent_path()};
  ConfigTable own = convert(parse(read_text(file, asked_by), document.name, true), document);
  const auto extends = own.find("extends");
  if (extends == own.end()) return own;
  const Origin origin = extends->second.origin;
  const auto* value = std::get_if<OptionValue>(&extends->second.value);
  const auto* base = value ? std::get_if<std::string>(value) : nullptr;
  if (!base)
    fail(origin.text,
         "'extends' is " + with_article(type_name(extends->second)) + "; the path of a TOML file is expected");
  const fs::path base_file = file.parent_path() / *base;
  own.erase("extends");
  ConfigTable result = read_chain(base_file, origin.text, chain);
  merge(result, std::move(own));
  return result;
}

std::vector<std::string> split_dots(const std::string& key) {
  std::vector<std::string> parts;
  std::istringstream in(key);
  for (std::string part; std::getline(in, part, '.');) parts.push_back(part);
  return parts;
}

/// tasks.A and tasks.0 are a task's table; null where there is none.
ConfigTable* find_task(ConfigTable& root, const std::string& which) {
  const auto tasks = root.find("tasks");
  auto* tables = tasks == root.end() ? nullptr : std::get_if<std::vector<ConfigTable>>(&tasks->second.value);
  if (!tables) return nullptr;
  for (size_t i = 0; i < tables->size(); ++i) {
    const auto name = (*tables)[i].find("name");
    const auto* value = name == (*tables)[i].end() ? nullptr : std::get_if<OptionValue>(&name->second.value);
    if ((value && *value == OptionValue(which)) || std::to_string(i) == which) return &(*tables)[i];
  }
  return nullptr;
}

/// The value as TOML; a bare word that is none is taken as text.
ConfigNode override_value(const std::string& text, const Document& document) {
  try {
    const toml::table parsed = toml::parse("value = " + text);
    return convert_node(*parsed.get("value"), document);
  } catch (const toml::parse_error&) {
    if (text.find_first_of("\"'[]{}\n") != std::string::npos)
      fail(document.name, in_quotes(text) + " is no TOML value; quote text that holds quotes or brackets");
    return {OptionValue(text), document.origin(toml::table{}), {}};
  }
}

void apply_override(ConfigTable& root, const std::string& override_text) {
  const std::string where = "--set " + override_text;
  const size_t equals = override_text.find('=');
  const std::vector<std::string> path = split_dots(override_text.substr(0, equals));
  const bool malformed = equals == std::string::npos || path.empty() ||
                         std::any_of(path.begin(), path.end(), [](const std::string& part) { return part.empty(); });
  if (malformed) fail(where, "an override has the form train.epochs=3");

  std::error_code error;
  const Document document{where, false, fs::current_path(error)};
  ConfigTable* table = &root;
  size_t depth = 0;
  if (path[0] == "tasks" && path.size() == 3) {
    table = find_task(root, path[1]);
    if (!table)
      fail(where, "there is no task " + in_quotes(path[1]) + "; name a task of the file, or its index from 0");
    depth = 2;
  }
  for (; depth + 1 < path.size(); ++depth) {
    ConfigNode& node =
        table->try_emplace(path[depth], ConfigNode{ConfigTable{}, {where, document.folder}, {}}).first->second;
    table = std::get_if<ConfigTable>(&node.value);
    if (!table)
      fail(where, in_quotes(path[depth]) + " is " + with_article(type_name(node)) + ", no table that holds keys");
  }
  table->insert_or_assign(path.back(), override_value(override_text.substr(equals + 1), document));
}

}  // namespace

ConfigTable read_config_tree(const fs::path& file, const std::vector<std::string>& overrides) {
  std::vector<fs::path> chain;
  ConfigTable tree = read_chain(file, "", chain);
  for (const std::string& text : overrides) apply_override(tree, text);
  return tree;
}

ConfigTable parse_config_tree(const std::string& text, const std::string& name) {
  if (text.size() > largest_file) fail(name, "the configuration is larger than 1 MiB; a TOML file is expected");
  ConfigTable tree = convert(parse(text, name, true), Document{name, true, {}});
  const auto extends = tree.find("extends");
  if (extends != tree.end())
    fail(extends->second.origin.text, "it extends another file, which is not there; a whole configuration is expected");
  return tree;
}

std::string type_name(const ConfigNode& node) {
  struct {
    std::string operator()(const OptionValue& value) const { return type_name(static_cast<OptionType>(value.index())); }
    std::string operator()(const std::vector<double>&) const { return "list of numbers"; }
    std::string operator()(const ConfigTable&) const { return "table"; }
    std::string operator()(const std::vector<ConfigTable>&) const { return "list of tables"; }
    std::string operator()(const Unusable& other) const { return other.type; }
    std::string type_name(OptionType type) const { return mtl::type_name(type); }
  } name;
  return std::visit(name, node.value);
}

}  // namespace mtl
