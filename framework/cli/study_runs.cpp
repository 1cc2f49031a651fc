#include "framework/cli/study_runs.h"

#include <fstream>
#include <iostream>
#include <ostream>
#include <set>

#include "framework/cli/compose.h"
#include "framework/cli/failures.h"
#include "framework/cli/interrupt.h"
#include "framework/cli/run_command.h"
#include "framework/config/problems.h"
#include "framework/report/progress.h"
#include "framework/report/result_table.h"
#include "framework/report/run_record.h"
#include "framework/support/atomic_file.h"
#include "framework/support/child_jobs.h"
#include "mtl/error.h"
#include "plugins/host/child_process.h"

namespace mtl {
namespace {

namespace fs = std::filesystem;

fs::path folder_of(const PlannedRun& run) { return run.loaded.config.run.folder / run.name; }

/// What an earlier start left of a run that it did not finish.
void remove_unfinished(const PlannedRun& run) {
  std::error_code error;
  fs::remove_all(folder_of(run), error);
  if (error)
    throw Error("cannot remove the unfinished run in " + folder_of(run).string() + ": " + error.message() +
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
  if (interrupt_signal() != 0) return "stopped";
  if (!end.death.empty()) return end.death + "; what it said is in " + output.string();
  const std::string said = last_line(output);
  return said.empty() ? "it ended with exit code " + std::to_string(end.code) : said;
}

std::string result_text(const PlannedRun& run) {
  const RunRecord record = read_record(folder_of(run));
  for (const TaskResult& task : record.test)
    if (task.main) return task.task + " " + figure_text(task.figures.front());
  return "";
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

}  // namespace

void check_arms(const StudyPlan& plan, const PluginAccess& plugins) {
  constexpr int most_seconds = 600;
  const host::ChildReport report = host::in_child(
      [&](const host::Write& write) {
        std::set<std::string> said;
        const host::PluginRegistry registry = open_plugins(plugins, plan.base.config.engine.plugin_dirs);
        for (const PlannedRun& run : plan.runs) {
          if (run.seed != plan.runs.front().seed) continue;
          try {
            check_names(run.loaded, registry);
            make_model(run.loaded.config, registry);
          } catch (const Error& error) {
            if (said.insert(error.what()).second) write(std::string(said.size() > 1 ? "\n" : "") + error.what());
          }
        }
      },
      most_seconds);
  if (!report.text.empty()) throw ConfigError({report.text});
  if (!report.error.empty()) throw Error(report.error);
  if (!report.death.empty()) throw Error("looking for the study's plugins " + report.death);
}

std::vector<std::string> train_all(const StudyPlan& plan, const std::vector<size_t>& runs, const StudyRuns& how,
                                   ImageStore images, std::ostream& out) {
  make_folder(how.folder / "logs");
  std::vector<ChildJob> jobs;
  for (const size_t r : runs) {
    const PlannedRun& run = plan.runs[r];
    const auto work = [&] {
      return guarded([&] { return train(run.loaded, how.plugins, [&] { return std::move(images); }); });
    };
    jobs.push_back({run.name, work, how.folder / "logs" / (run.name + ".txt")});
  }
  std::vector<std::string> problems(runs.size(), "not started");
  Reporter reporter(runs.size(), out);
  const auto index = [&](const ChildJob& job) { return static_cast<size_t>(&job - jobs.data()); };
  JobObserver observer;
  observer.started = [&](const ChildJob&) {};
  observer.ended = [&](const ChildJob& job, const JobEnd& end) {
    const size_t i = index(job);
    problems[i] = problem_of(end, job.output);
    reporter.ended(plan.runs[runs[i]], end, problems[i]);
  };
  observer.stop_requested = [] { return interrupt_signal() != 0; };
  for (const size_t r : runs) remove_unfinished(plan.runs[r]);
  run_jobs(jobs, how.jobs, observer);
  return problems;
}

}  // namespace mtl
