#include "framework/config/run_config_loader.h"

#include <utility>

#include "framework/config/config_checks.h"
#include "framework/config/config_keys.h"
#include "framework/config/config_tree.h"
#include "framework/config/section_reader.h"
#include "mtl/text.h"

namespace mtl {
namespace fs = std::filesystem;
namespace {

RunConfig defaults_for(const fs::path& file) {
  RunConfig config;
  config.file = fs::absolute(file);
  config.run.name = file.stem().string();
  config.run.folder = fs::current_path() / "runs";
  return config;
}

void fill_tasks(std::vector<TaskSettings>& tasks, SectionReader& reader) {
  const auto found = reader.tree().find("tasks");
  if (found == reader.tree().end()) return;
  const auto* tables = std::get_if<std::vector<ConfigTable>>(&found->second.value);
  if (!tables) {
    const auto* list = std::get_if<OptionValue>(&found->second.value);
    const auto* items = list ? std::get_if<std::vector<std::string>>(list) : nullptr;
    if (!items || !items->empty())
      reader.problems().add(found->second.origin.text,
                            "tasks is " + with_article(type_name(found->second)) + "; [[tasks]] tables are expected");
    return;
  }
  tasks.resize(tables->size());
  for (size_t i = 0; i < tables->size(); ++i) {
    tasks[i].where = found->second.item_origins[i].text;
    tasks[i].main = tables->size() == 1;
    reader.fill(section_of(tasks[i]), (*tables)[i], "tasks." + std::to_string(i), tasks[i].where, {});
  }
}

void refuse_study(const SectionReader& reader, const fs::path& file) {
  const auto found = reader.tree().find("study");
  if (found != reader.tree().end())
    throw ConfigError({found->second.origin.text + ": " + file.string() +
                       " describes a study of many runs; start it with `mtl-engine study " + file.string() + "`"});
}

LoadedConfig load(ConfigTable tree, const fs::path& file) {
  SectionReader reader(std::move(tree), file.string());
  refuse_study(reader, file);
  LoadedConfig loaded{defaults_for(file), {}};
  const std::vector<Section> sections = sections_of(loaded.config);
  reader.read(sections);
  fill_tasks(loaded.config.tasks, reader);
  reader.check_top_level(sections, {"extends", "tasks"});
  check_together(
      loaded.config, [&](const std::string& key) { return reader.locate(key); }, reader.problems());
  reader.problems().raise();
  loaded.origins = reader.take_origins();
  return loaded;
}

}  // namespace

LoadedConfig load_run_config(const fs::path& file, const std::vector<std::string>& overrides) {
  return load(read_config_tree(file, overrides), file);
}

LoadedConfig parse_run_config(const std::string& text, const std::string& name) {
  return load(parse_config_tree(text, name), name);
}

}  // namespace mtl
