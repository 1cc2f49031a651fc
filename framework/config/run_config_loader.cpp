#include "framework/config/run_config_loader.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <optional>
#include <set>
#include <sstream>
#include <utility>

#include "framework/config/config_checks.h"
#include "framework/config/config_keys.h"
#include "framework/config/config_tree.h"
#include "mtl/text.h"

namespace mtl {
namespace fs = std::filesystem;
namespace {

/// "~/x" and "${NAME}/x" with the user's values; nothing and a problem where a variable is not set.
std::optional<std::string> expand(const std::string& text, std::string& unset) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    const size_t end = text.compare(i, 2, "${") == 0 ? text.find('}', i) : std::string::npos;
    const bool is_home = i == 0 && text[0] == '~' && (text.size() == 1 || text[1] == '/');
    if (end == std::string::npos && !is_home) {
      out += text[i];
      continue;
    }
    const std::string name = is_home ? "HOME" : text.substr(i + 2, end - i - 2);
    const char* value = std::getenv(name.c_str());
    if (!value) {
      unset = name;
      return {};
    }
    out += value;
    if (!is_home) i = end;
  }
  return out;
}

/// Reads one value into the member that its key names.
class Assignment {
 public:
  Assignment(const Key& key, std::string name, const ConfigNode& node, Problems& problems)
      : key_(key), name_(std::move(name)), node_(node), problems_(problems) {}

  void run() {
    const auto* value = std::get_if<OptionValue>(&node_.value);
    std::visit([&](auto* field) { assign(field, value); }, key_.field);
  }

 private:
  template <class T>
  const T* as(const OptionValue* value) {
    const T* typed = value ? std::get_if<T>(value) : nullptr;
    if (!typed) problem(name_ + " is a " + type_name(node_) + "; a " + type_text(key_) + " is expected");
    return typed;
  }

  void problem(const std::string& sentence) { problems_.add(node_.origin.text, sentence); }

  bool in_range(double value, const std::string& text) {
    const bool too_low = key_.minimum && (value < *key_.minimum || (key_.above && value == *key_.minimum));
    const bool too_high = key_.maximum && value > *key_.maximum;
    if (std::isfinite(value) && !too_low && !too_high) return true;
    const std::string range = range_text(key_);
    std::string sentence = name_ + " = " + text + " is out of range; " + (range.empty() ? "a finite number" : range) + " is expected";
    if (key_.name == "weight" && value == 0) sentence += ": remove the task to leave it out";
    problem(sentence);
    return false;
  }

  void assign(bool* field, const OptionValue* value) {
    if (const auto* flag = as<bool>(value)) *field = *flag;
  }
  void assign(int64_t* field, const OptionValue* value) {
    const auto* number = as<int64_t>(value);
    if (number && in_range(static_cast<double>(*number), std::to_string(*number))) *field = *number;
  }
  void assign(uint64_t* field, const OptionValue* value) {
    const auto* number = as<int64_t>(value);
    if (!number) return;
    if (*number < 0)
      problem(name_ + " = " + std::to_string(*number) + " is out of range; >= 0 is expected");
    else
      *field = static_cast<uint64_t>(*number);
  }
  void assign(double* field, const OptionValue* value) {
    if (value && std::holds_alternative<int64_t>(*value)) {
      const auto whole = std::get<int64_t>(*value);
      if (in_range(static_cast<double>(whole), std::to_string(whole))) *field = static_cast<double>(whole);
    } else if (const auto* number = as<double>(value)) {
      if (in_range(*number, to_toml(*number))) *field = *number;
    }
  }
  void assign(std::string* field, const OptionValue* value) {
    const auto* text = as<std::string>(value);
    if (!text) return;
    const bool allowed = key_.choices.empty() || std::find(key_.choices.begin(), key_.choices.end(), *text) != key_.choices.end();
    if (allowed)
      *field = *text;
    else
      problem(name_ + " = " + in_quotes(*text) + " is not possible" + did_you_mean(*text, key_.choices) + "; one of " +
              quoted_list(key_.choices) + " is expected");
  }
  void assign(fs::path* field, const OptionValue* value) {
    if (const auto* text = as<std::string>(value)) *field = path_of(*text);
  }
  void assign(std::vector<fs::path>* field, const OptionValue* value) {
    const auto* texts = as<std::vector<std::string>>(value);
    if (!texts) return;
    field->clear();
    for (const std::string& text : *texts) field->push_back(path_of(text));
  }
  void assign(AugmentationSet* field, const OptionValue* value) {
    const auto* names = as<std::vector<std::string>>(value);
    if (!names) return;
    *field = 0;
    for (const std::string& name : *names) try {
        *field |= bit(augmentation_named(name));
      } catch (const Error& error) {
        problem(name_ + ": " + error.what());
      }
  }
  void assign(host::PluginChoice* field, const OptionValue* value) {
    const auto* name = as<std::string>(value);
    if (!name) return;
    field->name = *name;
    field->where = node_.origin.text;
  }

  fs::path path_of(const std::string& text) {
    std::string unset;
    const auto expanded = expand(text, unset);
    if (!expanded) {
      problem(name_ + " = " + in_quotes(text) + " names the environment variable " + unset + ", which is not set; set it with export " + unset + "=...");
      return {};
    }
    if (expanded->empty()) return {};
    const fs::path base = key_.relative_to_working_folder ? fs::current_path() : node_.origin.folder;
    return (base / *expanded).lexically_normal();
  }

  const Key& key_;
  std::string name_;
  const ConfigNode& node_;
  Problems& problems_;
};

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
    check_together(loaded_.config, [this](const std::string& key) { return locate(key); }, problems_);
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
          problems_.add(found->second.origin.text, path + " is a " + type_name(found->second) + "; a table [" + path + "] is expected");
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
      const auto key = std::find_if(section.keys.begin(), section.keys.end(), [&, &n = name](const Key& k) { return k.name == n; });
      if (key != section.keys.end()) {
        loaded_.origins[full_name] = node.origin.text;
        Assignment(*key, full_name, node, problems_).run();
      } else if (section.plugin) {
        add_option(*section.plugin, name, full_name, node);
      } else {
        std::vector<std::string> known = nested;
        for (const Key& k : section.keys) known.push_back(k.name);
        problems_.add(node.origin.text, "unknown key " + in_quotes(name) + " in [" + path + "]" + did_you_mean(name, known) +
                                            "; known are " + quoted_list(known));
      }
    }
    require_keys(section, table, path, where);
  }

  void add_option(host::PluginChoice& choice, const std::string& name, const std::string& full_name, const ConfigNode& node) {
    const auto* value = std::get_if<OptionValue>(&node.value);
    if (!value) {
      problems_.add(node.origin.text, full_name + " is a " + type_name(node) +
                                          "; an option is a boolean, a number, a string or a list of strings");
      return;
    }
    loaded_.origins[full_name] = node.origin.text;
    choice.options.push_back({name, *value, node.origin.text});
  }

  void require_keys(const Section& section, const ConfigTable& table, const std::string& path, const std::string& where) {
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
        problems_.add(found->second.origin.text, "tasks is a " + type_name(found->second) + "; [[tasks]] tables are expected");
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
        problems_.add(node.origin.text, "unknown table or key " + in_quotes(name) + did_you_mean(name, known) + "; known are " + quoted_list(known));
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
  std::set<std::string> reported_;   // of these, the ones that are no tables
  Problems problems_;
};

}  // namespace

LoadedConfig load_run_config(const fs::path& file, const std::vector<std::string>& overrides) {
  return Loader(file, read_config_tree(file, overrides)).load();
}

}  // namespace mtl
