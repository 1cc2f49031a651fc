#include "framework/config/section_reader.h"

#include <algorithm>
#include <sstream>
#include <utility>

#include "framework/config/key_assignment.h"
#include "mtl/text.h"

namespace mtl {
namespace {

std::vector<std::string> nested_names(const std::vector<Section>& sections, const std::string& path) {
  std::vector<std::string> names;
  for (const Section& other : sections)
    if (other.path.rfind(path + ".", 0) == 0) names.push_back(other.path.substr(path.size() + 1));
  return names;
}

}  // namespace

SectionReader::SectionReader(ConfigTable tree, std::string file) : tree_(std::move(tree)), file_(std::move(file)) {}

void SectionReader::read(const std::vector<Section>& sections) {
  for (const Section& section : sections)
    if (const ConfigTable* table = find_table(section.path))
      fill(section, *table, section.path, where_[section.path], nested_names(sections, section.path));
    else
      require_keys(section, {}, section.path, file_);
}

/// The table at a dotted path; null where it is not there or something else is in its place.
const ConfigTable* SectionReader::find_table(const std::string& path) {
  const ConfigTable* table = &tree_;
  std::istringstream parts(path);
  for (std::string part; std::getline(parts, part, '.');) {
    const auto found = table->find(part);
    if (found == table->end()) return nullptr;
    where_[path] = found->second.origin.text;
    table = std::get_if<ConfigTable>(&found->second.value);
    if (!table) {
      if (reported_.insert(path).second)
        problems_.add(found->second.origin.text,
                      path + " is " + with_article(type_name(found->second)) + "; a table [" + path + "] is expected");
      return nullptr;
    }
  }
  return table;
}

void SectionReader::fill(const Section& section, const ConfigTable& table, const std::string& path,
                         const std::string& where, const std::vector<std::string>& nested) {
  for (const auto& [name, node] : table) {
    if (std::find(nested.begin(), nested.end(), name) != nested.end()) continue;
    const std::string full_name = path + "." + name;
    const auto key =
        std::find_if(section.keys.begin(), section.keys.end(), [&, &n = name](const Key& k) { return k.name == n; });
    if (key != section.keys.end()) {
      origins_[full_name] = node.origin.text;
      assign_key(*key, full_name, node, problems_);
    } else if (section.plugin) {
      add_option(*section.plugin, name, full_name, node);
    } else {
      std::vector<std::string> known = nested;
      for (const Key& k : section.keys) known.push_back(k.name);
      problems_.add(node.origin.text, "unknown key " + in_quotes(name) + " in [" + path + "]" +
                                          did_you_mean(name, known) + "; known are " + quoted_list(known));
    }
  }
  require_keys(section, table, path, where);
}

void SectionReader::add_option(host::PluginChoice& choice, const std::string& name, const std::string& full_name,
                               const ConfigNode& node) {
  const auto* value = std::get_if<OptionValue>(&node.value);
  if (!value) {
    problems_.add(node.origin.text, full_name + " is " + with_article(type_name(node)) +
                                        "; an option is a boolean, a number, a string or a list of strings");
    return;
  }
  origins_[full_name] = node.origin.text;
  choice.options.push_back({name, *value, node.origin.text});
}

void SectionReader::require_keys(const Section& section, const ConfigTable& table, const std::string& path,
                                 const std::string& where) {
  for (const Key& key : section.keys)
    if (key.required && !table.count(key.name))
      problems_.add(where, "[" + path + "] lacks the key '" + key.name + "': " + key.doc);
}

void SectionReader::check_top_level(const std::vector<Section>& sections, const std::vector<std::string>& others) {
  std::vector<std::string> known = others;
  for (const Section& section : sections)
    if (section.path.find('.') == std::string::npos) known.push_back(section.path);
  for (const auto& [name, node] : tree_)
    if (std::find(known.begin(), known.end(), name) == known.end())
      problems_.add(node.origin.text, "unknown table or key " + in_quotes(name) + did_you_mean(name, known) +
                                          "; known are " + quoted_list(known));
}

std::string SectionReader::locate(const std::string& key) const {
  const auto origin = origins_.find(key);
  if (origin != origins_.end()) return origin->second;
  const auto table = where_.find(key.substr(0, key.rfind('.')));
  return table == where_.end() ? file_ : table->second;
}

}  // namespace mtl
