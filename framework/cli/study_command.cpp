#include "framework/cli/study_command.h"

#include <algorithm>
#include <opencv2/core/utility.hpp>
#include <ostream>
#include <sstream>
#include <thread>

#include "framework/cli/failures.h"
#include "framework/cli/interrupt.h"
#include "framework/cli/study_estimate.h"
#include "framework/cli/study_runs.h"
#include "framework/config/study_config.h"
#include "framework/data/table_digest.h"
#include "framework/report/progress.h"
#include "framework/study/assemble.h"
#include "framework/study/study_page.h"
#include "framework/study/study_tables.h"
#include "framework/support/atomic_file.h"
#include "framework/support/folder_lock.h"
#include "mtl/error.h"
#include "mtl/text.h"
#include "plugins/host/child_process.h"

namespace mtl {
namespace {

namespace fs = std::filesystem;

constexpr const char* mark = "study.txt";  // in a folder that a study has made

int64_t threads_of_a_run(int jobs) {
  return std::max<int64_t>(1, static_cast<int64_t>(std::thread::hardware_concurrency()) / jobs);
}

StudyPlan plan_of(const StudyConfig& config, int jobs) {
  StudyPlan plan = make_plan(config, config.folder / config.name);
  for (PlannedRun& run : plan.runs)
    if (run.loaded.config.engine.threads == 0) run.loaded.config.engine.threads = threads_of_a_run(jobs);
  return plan;
}

/// The indexes of the runs whose arms are wanted; all where `only` is empty.
std::vector<size_t> wanted_runs(const StudyPlan& plan, const std::string& only) {
  std::vector<std::string> known, arms;
  for (const Arm& arm : plan.arms) known.push_back(arm.name);
  std::istringstream names(only);
  for (std::string name; std::getline(names, name, ',');) {
    if (!std::count(known.begin(), known.end(), name))
      throw ConfigError({"--only " + only + ": there is no arm " + in_quotes(name) + did_you_mean(name, known) +
                         "; the study has " + quoted_list(known)});
    arms.push_back(name);
  }
  std::vector<size_t> runs;
  for (size_t r = 0; r < plan.runs.size(); ++r)
    if (only.empty() || std::count(arms.begin(), arms.end(), known[plan.runs[r].arm])) runs.push_back(r);
  return runs;
}

fs::path prepare_folder(const StudyConfig& config) {
  const fs::path folder = config.folder / config.name;
  std::error_code error;
  if (fs::exists(folder, error) && !fs::is_regular_file(folder / mark, error) &&
      !(fs::is_directory(folder, error) && fs::is_empty(folder, error)))
    throw Error(in_quotes(folder.string()) +
                " is there and is no study's folder; give the study another name (--set "
                "study.name=NAME)");
  make_folder(folder / "runs");
  write_file(folder / mark, "A study made by `mtl-engine study`; report.html is the page to look at.\n");
  return folder;
}

/// Decodes every image that fits the cache. Afterwards this process has one thread, as its children need.
void decode(ImageStore& images, const RunConfig& config) {
  cv::setNumThreads(1);
  WorkerPool workers(std::max<int64_t>(config.engine.loader_threads, std::thread::hardware_concurrency()));
  check_images(images, workers);
  images.pixels->close();
}

std::string plan_text(const StudyConfig& config, const StudyPlan& plan, size_t wanted, size_t finished) {
  std::string text = "study " + config.name + ": " + std::to_string(plan.arms.size()) + " arm(s)";
  if (plan.variants.size() > 1) text += " x " + std::to_string(plan.variants.size()) + " variants";
  text += " x " + std::to_string(config.seeds.size()) + " seed(s) = " + std::to_string(plan.runs.size()) + " runs in " +
          (config.folder / config.name).string() + "; " + std::to_string(finished) + " finished, " +
          std::to_string(wanted) + " to do\n";
  return text;
}

std::string arms_text(const StudyPlan& plan) {
  std::string text;
  for (const Arm& arm : plan.arms) {
    std::vector<std::string> names;
    for (const size_t k : arm.tasks) names.push_back(plan.base.config.tasks[k].name);
    text += "  " + arm.name + ": " + join(names, " + ") + "\n";
  }
  for (const Variant& variant : plan.variants)
    if (!variant.label.empty()) text += "  each with " + variant.label + "\n";
  return text;
}

/// Seconds of a run: as long as finished ones took on average, or measured over a few steps of the largest arm.
double seconds_of_a_run(const StudyPlan& plan, const StudyState& state, const PluginAccess& plugins,
                        ImageStore images) {
  double sum = 0, count = 0;
  for (const auto& outcome : state.outcomes)
    if (outcome) sum += outcome->record.seconds, ++count;
  if (count > 0) return sum / count;
  constexpr int most_seconds = 900;
  const auto largest = std::max_element(plan.runs.begin(), plan.runs.end(),
                                        [](const PlannedRun& a, const PlannedRun& b) { return a.arm < b.arm; });
  const host::ChildReport report = host::in_child(
      [&](const host::Write& write) {
        write(std::to_string(estimate_seconds(largest->loaded, plugins, std::move(images))));
      },
      most_seconds);
  if (!report.error.empty()) throw Error(report.error);
  if (!report.death.empty()) throw Error("measuring a few steps " + report.death);
  return std::stod(report.text);
}

int dry_run(const StudyPlan& plan, const StudyState& state, size_t to_do, const StudyArguments& arguments,
            ImageStore images, std::ostream& out) {
  out << arms_text(plan);
  if (to_do == 0) return 0;
  decode(images, plan.base.config);
  const double seconds = seconds_of_a_run(plan, state, arguments.plugins, std::move(images));
  const double rounds = std::ceil(static_cast<double>(to_do) / arguments.jobs);
  out << "a run takes about " << duration_text(seconds) << ", the " << to_do << " to do about "
      << duration_text(seconds * rounds) << " with " << arguments.jobs << " at a time\n";
  return 0;
}

void report(const StudyConfig& config, const StudyPlan& plan, const StudyState& state, const SampleTable& table,
            const fs::path& folder, std::ostream& out) {
  const StudyResult result = assemble(config, plan, state, table);
  write_file(folder / "tables.md", study_tables_markdown(result));
  write_study_csv(folder, result);
  write_file(folder / "report.html", study_page(result));
  for (const std::string& sentence : verdict_sentences(result)) out << sentence << "\n";
  out << "tables in " << (folder / "tables.md").string() << ", the page is " << (folder / "report.html").string()
      << "\n";
}

}  // namespace

int study(const StudyArguments& arguments, std::ostream& out) {
  const StudyConfig config = load_study_config(arguments.file, arguments.overrides);
  const StudyPlan plan = plan_of(config, arguments.jobs);
  check_arms(plan, arguments.plugins);
  std::vector<size_t> runs = wanted_runs(plan, arguments.only);
  ImageStore images = open_images(plan.base.config);
  const SampleTable table = images.dataset.table;
  const std::string digest = table_digest(table);
  StudyState state = read_state(plan, digest, MTL_VERSION);
  const auto finished = static_cast<size_t>(
      std::count_if(state.outcomes.begin(), state.outcomes.end(), [](const auto& o) { return o.has_value(); }));
  std::erase_if(runs, [&](size_t r) { return state.outcomes[r].has_value(); });
  out << plan_text(config, plan, runs.size(), finished);
  if (arguments.dry_run) return dry_run(plan, state, runs.size(), arguments, std::move(images), out);

  const fs::path folder = prepare_folder(config);
  const FolderLock lock(folder);
  catch_interrupts();
  std::vector<std::string> problems;
  if (!runs.empty()) {
    decode(images, plan.base.config);
    problems = train_all(plan, runs, {folder, arguments.plugins, arguments.jobs}, std::move(images), out);
    state = read_state(plan, digest, MTL_VERSION);
  }
  for (size_t i = 0; i < runs.size(); ++i) state.problems[runs[i]] = problems[i];
  require_fairness(plan, state);
  report(config, plan, state, table, folder, out);
  if (interrupt_signal() != 0) return 128 + interrupt_signal();
  const bool all_well =
      std::all_of(state.problems.begin(), state.problems.end(), [](const auto& p) { return p.empty(); });
  return all_well ? 0 : failed_run;
}

}  // namespace mtl
