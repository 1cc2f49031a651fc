#include "framework/config/run_keys.h"

#include <set>

#include "framework/config/key_text.h"

namespace mtl {
namespace {

bool is_left_out(const Section& section, const Key& key) {
  static const std::set<std::string> no_matter{"run.name",
                                               "run.folder",
                                               "data.cache_mb",
                                               "train.fine_tuning.probe_cache_mb",
                                               "train.gradient_batches",
                                               "train.checkpoint_every",
                                               "train.keep_checkpoints",
                                               "train.out_of_memory"};
  return section.path == "engine" || no_matter.count(section.path + "." + key.name) ||
         std::holds_alternative<std::filesystem::path*>(key.field);
}

void add(std::map<std::string, std::string>& keys, const Section& section, const std::string& path) {
  for (const Key& key : section.keys)
    if (!is_left_out(section, key)) keys[path + "." + key.name] = value_text(key);
  if (section.plugin)
    for (const host::GivenOption& option : section.plugin->options)
      keys[path + "." + option.name] = to_toml(option.value);
}

}  // namespace

std::map<std::string, std::string> run_keys(RunConfig config) {
  std::map<std::string, std::string> keys;
  for (const Section& section : sections_of(config)) add(keys, section, section.path);
  for (size_t k = 0; k < config.tasks.size(); ++k) {
    const std::string path = "tasks." + config.tasks[k].name;
    add(keys, section_of(config.tasks[k]), path);
    keys[path + ".place"] = std::to_string(k);
  }
  return keys;
}

std::vector<std::string> key_differences(const std::map<std::string, std::string>& before,
                                         const std::map<std::string, std::string>& now) {
  const auto value = [](const std::map<std::string, std::string>& keys, const std::string& key) {
    const auto found = keys.find(key);
    return found == keys.end() ? std::string("(not there)") : found->second;
  };
  std::set<std::string> names;
  for (const auto* keys : {&before, &now})
    for (const auto& [name, text] : *keys) names.insert(name);
  std::vector<std::string> differences;
  for (const std::string& name : names)
    if (value(before, name) != value(now, name))
      differences.push_back(name + " = " + value(before, name) + ", now " + value(now, name));
  return differences;
}

}  // namespace mtl
