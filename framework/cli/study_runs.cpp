#include "framework/cli/study_runs.h"

#include <fstream>
#include <iostream>
#include <ostream>
#include <set>
#include <utility>

#include "framework/cli/compose.h"
#include "framework/cli/failures.h"
#include "framework/cli/interrupt.h"
#include "framework/cli/resume.h"
#include "framework/cli/run_command.h"
#include "framework/config/problems.h"
#include "framework/model/weights.h"
#include "framework/report/progress.h"
#include "framework/report/result_table.h"
#include "framework/report/run_record.h"
#include "framework/support/atomic_file.h"
#include "framework/support/child_jobs.h"
#include "mtl/error.h"
#include "mtl/text.h"
#include "plugins/host/child_process.h"

namespace mtl {
namespace {

namespace fs = std::filesystem;

/// Whether what an earlier start left of a run is the beginning of what is planned now.
bool can_go_on(const PlannedRun& run) try {
  return !has_record(run.folder()) && changed_settings(run.folder(), run.loaded.config).empty();
} catch (const Error&) {  // its settings are damaged
  return false;
}

void remove_unusable(const PlannedRun& run) {
  std::error_code error;
  if (!fs::exists(run.folder(), error) || can_go_on(run)) return;
  fs::remove_all(run.folder(), error);
  if (error)
    throw Error("cannot remove the unusable run in " + run.folder().string() + ": " + error.message() +
                "; remove it and start again");
}

/// The last line that says something: an error's sentence.
std::string last_line(const fs::path& file) {
  std::ifstream in(file);
  std::string last;
  for (std::string line; std::getline(in, line);)
    if (line.find_first_not_of(" \t\r") != std::string::npos) last = line;
  return last;
}

std::string problem_of(const JobEnd& end, const fs::path& output) {
  if (end.code == 0) return "";
  if (!end.death.empty()) return end.death + "; what it said is in " + output.string();
  const std::string said = last_line(output);
  return said.empty() ? "it ended with exit code " + std::to_string(end.code) : said;
}

std::string result_text(const PlannedRun& run) try {
  for (const TaskResult& task : read_record(run.folder()).test)
    if (task.main) return task.task + " " + figure_text(task.figures.front());
  return "";
} catch (const Error& error) {  // it is told once more with the study's results
  return error.what();
}

/// Tells the user how the runs go.
class Reporter {
 public:
  Reporter(size_t count, std::ostream& out) : count_(count), out_(out) {}

  void ended(const PlannedRun& run, const JobEnd& end, const std::string& problem) {
    out_ << "[" << ++done_ << "/" << count_ << "] " << run.name << ": "
         << (problem.empty() ? result_text(run) : problem) << " (" << duration_text(end.seconds) << ")" << std::endl;
  }

 private:
  size_t count_, done_ = 0;
  std::ostream& out_;
};

/// Enough runs to meet every task with every choice of the axes: what is wrong with a run is wrong with one of its
/// parts.
std::vector<size_t> telling_runs(const StudyPlan& plan) {
  std::set<std::pair<size_t, size_t>> met;  // variant and task
  std::vector<size_t> runs;
  for (size_t r = plan.runs.size(); r-- > 0;) {  // the arms with most tasks are last
    const PlannedRun& run = plan.runs[r];
    bool is_new = false;
    for (const size_t task : plan.arms[run.arm].tasks) is_new |= met.insert({run.variant, task}).second;
    if (is_new) runs.push_back(r);
  }
  return runs;
}

void check_run(const PlannedRun& run, const host::PluginRegistry& registry) {
  const RunConfig& config = run.loaded.config;
  check_names(run.loaded, registry);
  const auto model = make_trainable_model(config, registry);
  if (!config.backbone.weights.empty())
    load_backbone_weights(model->backbone(), config.backbone.weights, config.backbone.weights_strict);
  if (const GuardedHead& main = model->heads().front(); main.classes().names.empty())
    throw Error(config.tasks.front().where + ": the main task " + in_quotes(main.task()) +
                " is no classifier; a study compares accuracies of classes");
}

}  // namespace

void check_arms(const StudyPlan& plan, const PluginAccess& plugins) {
  constexpr int most_seconds = 600;
  const host::ChildReport report = host::in_child(
      [&](const host::Write& write) {
        const host::PluginRegistry registry = open_plugins(plugins, plan.base.config.engine.plugin_dirs);
        std::set<std::string> said;
        for (const size_t r : telling_runs(plan)) try {
            check_run(plan.runs[r], registry);
          } catch (const Error& error) {
            if (said.insert(error.what()).second) write(std::string(said.size() > 1 ? "\n" : "") + error.what());
          }
      },
      most_seconds);
  if (!report.text.empty()) throw ConfigError({report.text});
  if (!report.error.empty()) throw Error(report.error);
  if (!report.death.empty()) throw Error("making the study's models " + report.death);
}

std::vector<std::string> train_all(const StudyPlan& plan, const std::vector<size_t>& runs, const StudyRuns& how,
                                   ImageStore images, std::ostream& out) {
  make_folder(how.folder / "logs");
  std::vector<ChildJob> jobs;
  for (const size_t r : runs) {
    const PlannedRun& run = plan.runs[r];
    const auto work = [&] {
      return guarded([&] { return train(run.loaded, how.plugins, Start::resumed, [&] { return std::move(images); }); });
    };
    jobs.push_back({run.name, work, how.folder / "logs" / (run.name + ".txt")});
  }
  std::vector<std::string> problems(runs.size());
  Reporter reporter(runs.size(), out);
  JobObserver observer;
  observer.ended = [&](const ChildJob& job, const JobEnd& end) {
    const auto i = static_cast<size_t>(&job - jobs.data());
    const bool was_stopped = end.code != 0 && interrupt_signal() != 0;
    if (!was_stopped) problems[i] = problem_of(end, job.output);
    reporter.ended(plan.runs[runs[i]], end, was_stopped ? "stopped" : problems[i]);
  };
  observer.stop_requested = [] { return interrupt_signal() != 0; };
  for (const size_t r : runs) remove_unusable(plan.runs[r]);
  run_jobs(jobs, how.jobs, observer);
  return problems;
}

}  // namespace mtl
