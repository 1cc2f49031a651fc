#include "framework/study/study_plan.h"

#include <set>

#include "framework/config/config_checks.h"
#include "mtl/error.h"
#include "mtl/text.h"

namespace mtl {
namespace {

void add_to(std::string& text, const char* separator, const std::string& part) {
  text += (text.empty() ? "" : separator) + part;
}

/// Every combination of the axes that the study has.
std::vector<Variant> make_variants(const StudyConfig& study) {
  std::vector<Variant> variants{Variant{}};
  const auto cross = [&](const auto& values, auto&& apply) {
    if (values.empty()) return;
    std::vector<Variant> crossed;
    for (const Variant& variant : variants)
      for (const auto& value : values) {
        crossed.push_back(variant);
        apply(crossed.back(), value);
      }
    variants = std::move(crossed);
  };
  cross(study.weightings, [](Variant& variant, const std::string& name) {
    variant.weighting = name;
    add_to(variant.label, ", ", "weighting " + name);
    add_to(variant.slug, "-", name);
  });
  cross(study.backbones, [](Variant& variant, const std::string& name) {
    variant.backbone = name;
    add_to(variant.label, ", ", "backbone " + name);
    add_to(variant.slug, "-", name);
  });
  cross(study.auxiliary_weights, [](Variant& variant, double weight) {
    variant.auxiliary_weight = weight;
    add_to(variant.label, ", ", "auxiliary weight " + to_toml(weight));
    add_to(variant.slug, "-", "w" + to_toml(weight));
  });
  return variants;
}

/// The base with some of its tasks; positions of keys go with them.
LoadedConfig with_tasks(const LoadedConfig& base, const std::vector<size_t>& tasks) {
  LoadedConfig arm = base;
  arm.config.tasks.clear();
  std::erase_if(arm.origins, [](const auto& origin) { return origin.first.rfind("tasks.", 0) == 0; });
  for (size_t i = 0; i < tasks.size(); ++i) {
    arm.config.tasks.push_back(base.config.tasks[tasks[i]]);
    const std::string before = "tasks." + std::to_string(tasks[i]) + ".", now = "tasks." + std::to_string(i) + ".";
    for (const auto& [key, origin] : base.origins)
      if (key.rfind(before, 0) == 0) arm.origins[now + key.substr(before.size())] = origin;
  }
  return arm;
}

/// Another plugin than the base's has not its options.
void choose_plugin(host::PluginChoice& choice, const std::string& name, const std::string& where) {
  if (name.empty() || choice.name == name) return;
  choice = {name, where, {}};
}

void apply(const Variant& variant, LoadedConfig& loaded, const std::string& where) {
  RunConfig& config = loaded.config;
  choose_plugin(config.weighting.plugin, variant.weighting, where + " study.weightings");
  // Backbones of one family share their options; one that does not know them says so.
  if (!variant.backbone.empty()) {
    config.backbone.plugin.name = variant.backbone;
    config.backbone.plugin.where = where + " study.backbones";
  }
  if (variant.auxiliary_weight == 0) return;
  for (size_t k = 0; k < config.tasks.size(); ++k) {
    if (config.tasks[k].main) continue;
    config.tasks[k].weight = variant.auxiliary_weight;
    loaded.origins["tasks." + std::to_string(k) + ".weight"] = where + " study.auxiliary_weights";
  }
}

PlannedRun make_run(const StudyPlan& plan, const StudyConfig& study, const std::filesystem::path& runs, size_t variant,
                    size_t arm, uint64_t seed) {
  const std::string where = study.file.filename().string();
  const std::string& slug = plan.variants[variant].slug;
  PlannedRun run{(slug.empty() ? "" : slug + "_") + plan.arms[arm].name + "_seed" + std::to_string(seed), variant, arm,
                 seed, with_tasks(plan.base, plan.arms[arm].tasks)};
  apply(plan.variants[variant], run.loaded, where);
  RunConfig& config = run.loaded.config;
  config.run = {run.name, runs, seed};
  config.train.gradient_batches = study.gradient_batches;
  if (config.train.fine_tuning.probe_folder.empty())
    config.train.fine_tuning.probe_folder = runs.parent_path() / "features";
  if (study.equal_learning_rate) config.weighting.normalize = "sum_to_one";
  for (const char* key : {"run.name", "run.folder", "run.seed", "train.gradient_batches"})
    run.loaded.origins[key] = where;
  if (study.equal_learning_rate) run.loaded.origins["weighting.normalize"] = where + " study.equal_learning_rate";
  return run;
}

void check_names_of(const std::vector<PlannedRun>& runs) {
  std::set<std::string> names;
  for (const PlannedRun& run : runs) {
    if (!names.insert(run.name).second)
      throw Error("two runs of the study would be called " + in_quotes(run.name) + "; rename a task or an axis value");
    if (!is_folder_name(run.name))
      throw Error("a run of the study would be called " + in_quotes(run.name) +
                  ", which is no plain folder name; give the tasks shorter names, or the axis simpler values");
  }
}

void add_runs(StudyPlan& plan, const StudyConfig& study) {
  constexpr size_t most_runs = 10'000;
  const size_t runs = study.seeds.size() * plan.variants.size() * plan.arms.size();
  if (runs > most_runs)
    throw Error("the study has " + std::to_string(runs) + " runs; " + std::to_string(most_runs) +
                " are possible: list the arms, or give fewer seeds or axis values");
  for (const uint64_t seed : study.seeds)
    for (size_t variant = 0; variant < plan.variants.size(); ++variant)
      for (size_t arm = 0; arm < plan.arms.size(); ++arm)
        plan.runs.push_back(make_run(plan, study, study.path() / "runs", variant, arm, seed));
  check_names_of(plan.runs);
}

}  // namespace

StudyPlan make_plan(const StudyConfig& study) try {
  StudyPlan plan{load_run_config(study.base, study.set), make_variants(study), {}, {}};
  plan.arms = make_arms(study.arms, plan.base.config.tasks);
  add_runs(plan, study);
  return plan;
} catch (const ConfigError&) {
  throw;
} catch (const Error& error) {
  throw ConfigError({study.file.string() + ": " + error.what()});
}

}  // namespace mtl
