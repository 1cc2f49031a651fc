#include "framework/study/assemble.h"

#include <algorithm>
#include <set>

#include "framework/study/study_findings.h"
#include "mtl/text.h"

namespace mtl {
namespace {

std::vector<std::string> task_names(const StudyPlan& plan) {
  std::vector<std::string> names;
  for (const TaskSettings& task : plan.base.config.tasks) names.push_back(task.name);
  return names;
}

std::string rate_choice(const StudyConfig& study, const StudyPlan& plan) {
  const std::string& normalize = plan.runs.front().loaded.config.weighting.normalize;
  if (normalize == "sum_to_one")
    return "Equal effective learning rate: the loss weights of every arm are scaled to sum to one.";
  if (normalize == "sum_to_tasks")
    return "The loss weights of every arm are scaled to a mean of one, so that their sum, and with it the gradient on "
           "the shared part, grows with the tasks; study.equal_learning_rate scales the sum to one.";
  std::vector<std::string> weights;
  for (const TaskSettings& task : plan.base.config.tasks) weights.push_back(task.name + " " + to_toml(task.weight));
  const std::string axis =
      study.auxiliary_weights.empty() ? "" : ", the auxiliary ones as the axis auxiliary_weights says";
  return "Loss weights as configured (" + join(weights, ", ") + axis +
         "): an arm with more tasks has a larger sum, and with it larger gradients on the shared part; "
         "study.equal_learning_rate scales the sum to one.";
}

/// "" where all finished runs were made alike.
std::string machine_remark(const StudyState& state) {
  std::set<std::string> machines;
  for (const auto& outcome : state.outcomes)
    if (outcome)
      machines.insert(outcome->record.device + " with " + std::to_string(outcome->record.threads) + " threads");
  if (machines.size() < 2) return "";
  return "Not all runs were made alike (" + join({machines.begin(), machines.end()}, "; ") +
         "): sums are rounded in another order, as if by another seed.";
}

std::vector<std::string> choices_of(const StudyConfig& study, const StudyPlan& plan, const StudyState& state) {
  std::vector<std::string> choices{
      rate_choice(study, plan),
      "Runs of one seed share the split, every batch with its augmentations, and the initial weights of the "
      "backbone and the main head; each run's digests were compared.",
      "Each run is tested once, with the weights of its best epoch by the main task on the validation split."};
  if (std::string remark = machine_remark(state); !remark.empty()) choices.push_back(std::move(remark));
  return choices;
}

/// The columns of the auxiliary tasks, but for the main task's own.
std::vector<std::string> slice_columns(const StudyConfig& study, const StudyPlan& plan, const StudyState& state) {
  if (!study.slices.empty()) return study.slices;
  std::vector<std::string> columns;
  for (const TaskSettings& task : plan.base.config.tasks)
    for (const auto& outcome : state.outcomes) {
      if (!outcome) continue;
      const RunRecord& record = outcome->record;
      std::string main_column, column;
      for (size_t k = 0; k < record.test.size(); ++k) {
        if (record.test[k].main) main_column = record.columns.at(k);
        if (record.test[k].task == task.name) column = record.columns.at(k);
      }
      if (column.empty()) continue;
      if (column != main_column && !std::count(columns.begin(), columns.end(), column)) columns.push_back(column);
      break;
    }
  return columns;
}

std::vector<StudyRun> runs_of(const StudyPlan& plan, const StudyState& state) {
  std::vector<StudyRun> runs;
  for (size_t r = 0; r < plan.runs.size(); ++r) {
    const PlannedRun& planned = plan.runs[r];
    StudyRun run{planned.name,
                 plan.arms[planned.arm].name,
                 plan.variants[planned.variant].label,
                 planned.seed,
                 state.outcomes[r].has_value(),
                 state.problems[r],
                 0,
                 0,
                 0,
                 "",
                 0,
                 "runs/" + planned.name};
    if (state.outcomes[r]) {
      const RunRecord& record = state.outcomes[r]->record;
      run.best_epoch = record.best_epoch;
      run.epochs = record.epochs;
      run.seconds = record.seconds;
      run.device = record.device;
      run.threads = record.threads;
    }
    runs.push_back(std::move(run));
  }
  return runs;
}

/// The finished runs of a variant, by arm.
std::vector<ArmOutcomes> outcomes_of(size_t variant, const StudyPlan& plan, const StudyState& state) {
  std::vector<ArmOutcomes> arms;
  for (size_t a = 0; a < plan.arms.size(); ++a) {
    arms.push_back({plan.arms[a].name, a == 0, {}});
    for (size_t r = 0; r < plan.runs.size(); ++r)
      if (plan.runs[r].variant == variant && plan.runs[r].arm == a && state.outcomes[r])
        arms.back().runs.push_back(*state.outcomes[r]);
  }
  return arms;
}

}  // namespace

StudyResult assemble(const StudyConfig& study, const StudyPlan& plan, const StudyState& state,
                     const SampleTable& table) {
  StudyResult result;
  result.name = study.name;
  result.main_task = plan.main_task().name;
  for (const TaskSettings& task : plan.base.config.tasks)
    if (!task.main) result.auxiliary_tasks.push_back(task.name);
  result.choices = choices_of(study, plan, state);
  result.seeds = study.seeds;
  for (const Arm& arm : plan.arms) result.most_tasks = std::max(result.most_tasks, arm.tasks.size());
  result.runs = runs_of(plan, state);
  result.data = std::to_string(table.size()) + " images of " + table.source;

  const auto first =
      std::find_if(state.outcomes.begin(), state.outcomes.end(), [](const auto& o) { return o.has_value(); });
  if (first == state.outcomes.end()) return result;
  result.engine_version = (*first)->record.engine_version;
  result.slice_columns = slice_columns(study, plan, state);
  const TestImages images = test_images_of(**first, table, result.slice_columns);
  result.test_images = static_cast<int64_t>(images.size());
  result.test_groups = static_cast<int64_t>(images.group_count);
  const std::vector<ArmOutcomes> reference = outcomes_of(0, plan, state);
  for (size_t v = 0; v < plan.variants.size(); ++v) {
    const std::vector<ArmOutcomes> arms = v == 0 ? reference : outcomes_of(v, plan, state);
    result.variants.push_back(find_in_variant(plan.variants[v].label, plan.arms, task_names(plan), arms, images));
    if (v == 0) continue;
    for (AxisComparison& one :
         compare_variants(plan.variants.front().label, reference, plan.variants[v].label, arms, images))
      result.axis_comparisons.push_back(std::move(one));
  }
  return result;
}

}  // namespace mtl
