#include "framework/cli/study_command.h"

#include <algorithm>
#include <opencv2/core/utility.hpp>
#include <ostream>
#include <sstream>
#include <thread>

#include "framework/cli/failures.h"
#include "framework/cli/interrupt.h"
#include "framework/cli/study_outlook.h"
#include "framework/cli/study_runs.h"
#include "framework/config/study_config.h"
#include "framework/study/assemble.h"
#include "framework/study/study_page.h"
#include "framework/study/study_tables.h"
#include "framework/support/atomic_file.h"
#include "framework/support/folder_lock.h"
#include "mtl/error.h"
#include "mtl/text.h"

namespace mtl {
namespace {

namespace fs = std::filesystem;

StudyPlan plan_of(const StudyConfig& config, int jobs) {
  StudyPlan plan = make_plan(config);
  const int64_t cores = std::thread::hardware_concurrency();
  for (PlannedRun& run : plan.runs)
    if (run.loaded.config.engine.threads == 0) run.loaded.config.engine.threads = std::max<int64_t>(1, cores / jobs);
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

/// Slices are drawn when all is trained; that there is no such column is told before.
void check_slices(const StudyConfig& config, const SampleTable& table) try {
  for (const std::string& name : config.slices) table.column(name);
} catch (const Error& error) {
  throw ConfigError({config.file.string() + ": study.slices: " + error.what()});
}

fs::path prepare_folder(const StudyConfig& config) {
  const fs::path folder = config.path();
  make_folder(folder);
  std::error_code error;
  if (!FolderLock::marks(folder) && !fs::is_empty(folder, error))
    throw Error(in_quotes(folder.string()) +
                " is there and is no study's folder; give the study another name (--set "
                "study.name=NAME)");
  return folder;
}

/// Decodes every image, and keeps what fits the cache. Afterwards this process has one thread, as its children need.
void decode(ImageStore& images, const RunConfig& config) {
  cv::setNumThreads(1);
  WorkerPool workers(std::max<int64_t>(config.engine.loader_threads, std::thread::hardware_concurrency()));
  check_images(images, workers, config.data.bad_images);
  images.pixels->close();
}

/// What a study works on.
struct Study {
  StudyConfig config;
  StudyPlan plan;
  ImageStore images;
  SampleTable table;
  StudyFacts facts;
};

Study open_study(const StudyArguments& arguments) {
  const StudyConfig config = load_study_config(arguments.file, arguments.overrides);
  StudyPlan plan = plan_of(config, arguments.jobs);
  check_arms(plan, arguments.plugins);
  ImageStore images = open_images(plan.base.config);
  check_slices(config, images.dataset.table);
  SampleTable table = images.dataset.table;
  StudyFacts facts{images.table_digest, "", MTL_VERSION};
  return {config, std::move(plan), std::move(images), std::move(table), std::move(facts)};
}

void report(const Study& study, const StudyState& state, const fs::path& folder, std::ostream& out) {
  const StudyResult result = assemble(study.config, study.plan, state, study.table);
  write_file(folder / "tables.md", study_tables_markdown(result));
  write_study_csv(folder, result);
  write_file(folder / "report.html", study_page(result));
  for (const std::string& sentence : verdict_sentences(result)) out << sentence << "\n";
  out << "tables in " << (folder / "tables.md").string() << ", the page is " << (folder / "report.html").string()
      << "\n";
}

/// Leaves the runs that are still to do, and says what there is.
StudyState look(const Study& study, std::vector<size_t>& runs, std::ostream& out) {
  StudyState state = read_state(study.plan, study.facts);
  const auto finished = static_cast<size_t>(
      std::count_if(state.outcomes.begin(), state.outcomes.end(), [](const auto& o) { return o.has_value(); }));
  std::erase_if(runs, [&](size_t r) { return state.outcomes[r].has_value(); });
  out << plan_line(study.config, study.plan, finished, runs.size()) << std::flush;
  return state;
}

/// Trains what is to do; the pictures have to be those of the finished runs.
void train_missing(Study& study, const std::vector<size_t>& runs, const StudyArguments& arguments, StudyState& state,
                   std::ostream& out) {
  if (runs.empty()) return;
  decode(study.images, study.plan.base.config);
  study.facts.pixels_digest = study.images.pixels_digest;
  read_state(study.plan, study.facts);
  const std::vector<std::string> problems = train_all(
      study.plan, runs, {study.config.path(), arguments.plugins, arguments.jobs}, std::move(study.images), out);
  state = read_state(study.plan, study.facts);
  for (size_t i = 0; i < runs.size(); ++i)
    if (!problems[i].empty()) state.problems[runs[i]] = problems[i];
}

}  // namespace

int study(const StudyArguments& arguments, std::ostream& out) {
  Study study = open_study(arguments);
  std::vector<size_t> runs = wanted_runs(study.plan, arguments.only);
  if (arguments.dry_run) {
    const StudyState state = look(study, runs, out);
    if (!runs.empty()) decode(study.images, study.plan.base.config);
    print_outlook(study.plan, state, runs.size(), arguments.jobs, arguments.plugins, std::move(study.images), out);
    return 0;
  }
  const fs::path folder = prepare_folder(study.config);
  const FolderLock lock(folder);
  StudyState state = look(study, runs, out);
  catch_interrupts();
  train_missing(study, runs, arguments, state, out);
  require_fairness(study.plan, state);
  report(study, state, folder, out);
  if (interrupt_signal() != 0) return 128 + interrupt_signal();
  const bool all_well =
      std::all_of(state.problems.begin(), state.problems.end(), [](const std::string& p) { return p.empty(); });
  return all_well ? 0 : failed_run;
}

}  // namespace mtl
