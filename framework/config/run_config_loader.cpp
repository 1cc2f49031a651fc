#include "framework/config/run_config_loader.h"

#include <algorithm>
#include <set>
#include <sstream>
#include <utility>

#include "framework/config/config_checks.h"
#include "framework/config/config_keys.h"
#include "framework/config/config_tree.h"
#include "framework/config/key_assignment.h"
#include "mtl/text.h"

namespace mtl {
namespace fs = std::filesystem;
namespace {

class Loader {
 public:
  Loader(const fs::path& file, ConfigTable tree) : tree_(std::move(tree)) {
    loaded_.config.file = fs::absolute(file);
    loaded_.config.run.name = file.stem().string();
    loaded_.config.run.folder = fs::current_path() / "runs";
    file_text_ = file.string();
  }

  LoadedConfig load() {
    const std::vector<Section> sections = sections_of(loaded_.config);
    for (const Section& section : sections) {
      if (ConfigTable* table = find_table(section.path)) {
        fill(section, *table, section.path, where_[section.path], nested_names(sections, section.path));
      } else {
        require_keys(section, {}, section.path, file_text_);
      }
    }
    fill_tasks();
    check_top_level(sections);
    check_together(
        loaded_.config, [this](const std::string& key) { return locate(key); }, problems_);
    problems_.raise();
    return std::move(loaded_);
  }

 private:
  /// The table at a dotted path; null where it is not there or something else is in its place.
  ConfigTable* find_table(const std::string& path) {
    ConfigTable* table = &tree_;
    std::istringstream parts(path);
    for (std::string part; std::getline(parts, part, '.');) {
      const auto found = table->find(part);
      if (found == table->end()) return nullptr;
      where_[path] = found->second.origin.text;
      table = std::get_if<ConfigTable>(&found->second.value);
      if (!table) {
        if (reported_.insert(path).second)
          problems_.add(found->second.origin.text, path + " is " + with_article(type_name(found->second)) +
                                                       "; a table [" + path + "] is expected");
        return nullptr;
      }
    }
    return table;
  }

  static std::vector<std::string> nested_names(const std::vector<Section>& sections, const std::string& path) {
    std::vector<std::string> names;
    for (const Section& other : sections)
      if (other.path.rfind(path + ".", 0) == 0) names.push_back(other.path.substr(path.size() + 1));
    return names;
  }

  void fill(const Section& section, const ConfigTable& table, const std::string& path, const std::string& where,
            const std::vector<std::string>& nested) {
    for (const auto& [name, node] : table) {
      if (std::find(nested.begin(), nested.end(), name) != nested.end()) continue;
      const std::string full_name = path + "." + name;
      const auto key =
          std::find_if(section.keys.begin(), section.keys.end(), [&, &n = name](const Key& k) { return k.name == n; });
      if (key != section.keys.end()) {
        loaded_.origins[full_name] = node.origin.text;
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

  void add_option(host::PluginChoice& choice, const std::string& name, const std::string& full_name,
                  const ConfigNode& node) {
    const auto* value = std::get_if<OptionValue>(&node.value);
    if (!value) {
      problems_.add(node.origin.text, full_name + " is " + with_article(type_name(node)) +
                                          "; an option is a boolean, a number, a string or a list of strings");
      return;
    }
    loaded_.origins[full_name] = node.origin.text;
    choice.options.push_back({name, *value, node.origin.text});
  }

  void require_keys(const Section& section, const ConfigTable& table, const std::string& path,
                    const std::string& where) {
    for (const Key& key : section.keys)
      if (key.required && !table.count(key.name))
        problems_.add(where, "[" + path + "] lacks the key '" + key.name + "': " + key.doc);
  }

  void fill_tasks() {
    const auto found = tree_.find("tasks");
    if (found == tree_.end()) return;
    const auto* tables = std::get_if<std::vector<ConfigTable>>(&found->second.value);
    if (!tables) {
      const auto* list = std::get_if<OptionValue>(&found->second.value);
      const auto* items = list ? std::get_if<std::vector<std::string>>(list) : nullptr;
      if (!items || !items->empty())
        problems_.add(found->second.origin.text,
                      "tasks is " + with_article(type_name(found->second)) + "; [[tasks]] tables are expected");
      return;
    }
    loaded_.config.tasks.resize(tables->size());
    for (size_t i = 0; i < tables->size(); ++i) {
      TaskSettings& task = loaded_.config.tasks[i];
      task.where = found->second.item_origins[i].text;
      task.main = tables->size() == 1;
      fill(section_of(task), (*tables)[i], "tasks." + std::to_string(i), task.where, {});
    }
  }

  void check_top_level(const std::vector<Section>& sections) {
    std::vector<std::string> known{"extends", "tasks"};
    for (const Section& section : sections)
      if (section.path.find('.') == std::string::npos) known.push_back(section.path);
    for (const auto& [name, node] : tree_)
      if (std::find(known.begin(), known.end(), name) == known.end())
        problems_.add(node.origin.text, "unknown table or key " + in_quotes(name) + did_you_mean(name, known) +
                                            "; known are " + quoted_list(known));
  }

  std::string locate(const std::string& key) const {
    const auto origin = loaded_.origins.find(key);
    if (origin != loaded_.origins.end()) return origin->second;
    const auto table = where_.find(key.substr(0, key.rfind('.')));
    return table == where_.end() ? file_text_ : table->second;
  }

  ConfigTable tree_;
  std::string file_text_;
  LoadedConfig loaded_;
  std::map<std::string, std::string> where_;  // of tables
  std::set<std::string> reported_;            // of these, the ones that are no tables
  Problems problems_;
};

}  // namespace

LoadedConfig load_run_config(const fs::path& file, const std::vector<std::string>& overrides) {
  return Loader(file, read_config_tree(file, overrides)).load();
}

}  // namespace mtl
