#include "framework/config/study_config.h"

#include <algorithm>
#include <set>

#include "framework/config/config_checks.h"
#include "framework/config/section_reader.h"
#include "mtl/text.h"

namespace mtl {
namespace fs = std::filesystem;
namespace {

Key required(Key key) {
  key.required = true;
  return key;
}

Key relative_to_working_folder(Key key) {
  key.relative_to_working_folder = true;
  return key;
}

template <class T>
bool has_repeats(const std::vector<T>& items) {
  return std::set<T>(items.begin(), items.end()).size() != items.size();
}

void check(const StudyConfig& config, SectionReader& reader) {
  const auto problem = [&](const std::string& key, const std::string& sentence) {
    reader.problems().add(reader.locate("study." + key), "study." + key + " " + sentence);
  };
  if (!is_folder_name(config.name))
    problem("name", "= " + in_quotes(config.name) + " is no plain folder name; use letters, digits, '.', '_' and '-'");
  for (const std::string& change : config.set)
    if (change.rfind("run.", 0) == 0)
      problem("set", "changes " + in_quotes(change) + "; a study gives its runs their names, folders and seeds itself");
  if (config.arms.empty()) problem("arms", "is empty; name an arm, or leave the key out for all subsets");
  if (config.seeds.empty()) problem("seeds", "is empty; give at least one, better three or more");
  if (has_repeats(config.seeds)) problem("seeds", "holds a seed twice; give each once");
  if (has_repeats(config.arms)) problem("arms", "holds an arm twice; give each once");
  if (has_repeats(config.weightings)) problem("weightings", "holds a name twice; give each once");
  if (has_repeats(config.backbones)) problem("backbones", "holds a name twice; give each once");
  if (has_repeats(config.auxiliary_weights)) problem("auxiliary_weights", "holds a number twice; give each once");
}

}  // namespace

Section section_of(StudyConfig& s) {
  return {
      "study",
      "A study trains one base configuration with several sets of tasks and seeds; see docs/study.md. It stands in a "
      "file of its own, for `mtl-engine study FILE`.",
      {required({"base", &s.base, "TOML file of a run with all tasks"}),
       {"name", &s.name, "of the study's folder: letters, digits, '.', '_' and '-'; the TOML file's name by default"},
       relative_to_working_folder({"folder", &s.folder, "the study's files go to folder/name"}),
       {"set", &s.set, "changes to the base, as `--set` takes them: \"train.epochs=12\""},
       {"arms", &s.arms,
        "\"all_subsets\": the main task with every subset of the others; \"single_additions\": alone, and with each "
        "one; or a list of arms, each the names of its tasks (\"abd\", or \"defect-light\" for names longer than a "
        "letter)"},
       {"seeds", &s.seeds, "every arm is trained once with each"},
       {"equal_learning_rate", &s.equal_learning_rate,
        "true: the loss weights of every arm are made to sum to one, so that an arm with more tasks does not learn "
        "faster; false: they are used as they stand"},
       {"weightings", &s.weightings, "axis: loss weightings, each of which every arm is trained with"},
       {"backbones", &s.backbones, "axis: backbones"},
       {"auxiliary_weights",
        &s.auxiliary_weights,
        "axis: loss weights, each given to all auxiliary tasks",
        0.0,
        {},
        true},
       {"slices", &s.slices,
        "columns of the data by which the main task's accuracy is listed; the auxiliary tasks' own without"},
       {"gradient_batches", &s.gradient_batches,
        "batches of an epoch on which each task's gradient is compared with the main task's, whatever the base says; "
        "0: "
        "none",
        0.0, 1e6}}};
}

StudyConfig load_study_config(const fs::path& file, const std::vector<std::string>& overrides) {
  SectionReader reader(read_config_tree(file, overrides), file.string());
  StudyConfig config;
  config.file = fs::absolute(file);
  config.name = file.stem().string();
  config.folder = fs::current_path() / "runs";
  const std::vector<Section> sections{section_of(config)};
  if (!reader.tree().count("study") && reader.tree().count("tasks"))
    throw ConfigError({file.string() + " describes one run; start it with `mtl-engine run " + file.string() +
                       "`, or write a [study] that names it as its base"});
  reader.read(sections);
  reader.check_top_level(sections, {"extends"});
  check(config, reader);
  reader.problems().raise();
  return config;
}

}  // namespace mtl
