#include "framework/cli/explain_command.h"

#include <algorithm>
#include <iostream>

#include "framework/assembly/compute.h"
#include "framework/bundle/bundle_files.h"
#include "framework/bundle/open_model.h"
#include "framework/cli/explain_summary.h"
#include "framework/cli/explained_pictures.h"
#include "framework/cli/explained_split.h"
#include "framework/cli/interrupt.h"
#include "framework/config/problems.h"
#include "mtl/text.h"

namespace mtl {
namespace {

namespace fs = std::filesystem;

bool looks_at_split(const ExplainArguments& arguments) {
  return arguments.highest_losses.has_value() || arguments.contradictions;
}

void require_sense(const ExplainArguments& arguments) {
  const bool has_paths = !arguments.paths.empty();
  const auto refuse = [](const std::string& sentence) { throw ConfigError({"explain: " + sentence}); };
  if (has_paths == looks_at_split(arguments))
    refuse("give pictures, folders, patterns, a manifest or -, or else --highest-losses or --contradictions");
  if (has_paths && (!arguments.data.empty() || !arguments.split.empty()))
    refuse("--data and --split belong to --highest-losses and --contradictions; leave them out with pictures");
  if (!has_paths && !arguments.masks.empty())
    refuse("--masks looks for masks beside pictures; give the pictures or their folder");
  if (arguments.contradictions && !arguments.class_name.empty())
    refuse("--class is one task's; leave it out with --contradictions, which explains each task's own answer");
  if (arguments.steps && arguments.method != "integrated_gradients")
    refuse("--steps belongs to --method integrated_gradients; leave it out");
}

size_t task_index(const RunConfig& config, const std::string& name) {
  std::vector<std::string> names;
  for (size_t k = 0; k < config.tasks.size(); ++k) {
    if (name.empty() ? config.tasks[k].main : config.tasks[k].name == name) return k;
    names.push_back(config.tasks[k].name);
  }
  throw ConfigError({"explain: the run has no task " + in_quotes(name) + did_you_mean(name, names) + "; there are " +
                     quoted_list(names)});
}

ClassScore class_score(const MultiTaskModel& model, size_t task, const std::string& class_name) {
  try {
    return ClassScore(model.heads()[task], class_name);
  } catch (const Error& error) {
    throw ConfigError({std::string("explain: ") + error.what()});
  }
}

/// In the run's folder; a bundle stays as it was sealed.
fs::path folder_of(const ExplainArguments& arguments, const std::string& task) {
  const std::string name = "explain_" + task;
  fs::path folder = arguments.out;
  if (folder.empty())
    folder = is_bundle(arguments.run) ? fs::path(arguments.run.stem().string() + "_" + name) : arguments.run / name;
  std::error_code error;
  if (fs::exists(folder, error) && !(fs::is_directory(folder, error) && fs::is_empty(folder, error)))
    throw Error(in_quotes(folder.string()) + " is there already; remove it, or choose another folder with --out");
  return folder;
}

ExplainerSettings settings_of(const ExplainArguments& arguments) {
  ExplainerSettings settings{arguments.method};
  if (arguments.steps) settings.steps = *arguments.steps;
  return settings;
}

int finished(const fs::path& folder, const ExplainSummary& summary, bool has_any, std::ostream& out) {
  out << join(summary.lines, "\n") << "\nfiles in " << folder.string() << "\n";
  if (interrupt_signal() != 0) return 128 + interrupt_signal();
  return has_any ? 0 : 1;
}

int explain_paths(const ExplainArguments& arguments, std::ostream& out) {
  UsableModel run = open_model(arguments.run, arguments.plugins);
  for (const std::string& note : run.notes) std::cerr << note << "\n";
  const RunConfig& config = run.config;
  const size_t task = task_index(config, arguments.task);
  const std::string& name = config.tasks[task].name;
  const fs::path folder = folder_of(arguments, name);
  prepare_compute(config.engine);
  Explainer explainer(*run.model, class_score(*run.model, task, arguments.class_name), settings_of(arguments),
                      choose_device(arguments.device));
  const NextPicture next = pictures_of(arguments.paths, config.data.image_column, std::cin);
  ExplanationFiles files(folder, static_cast<size_t>(arguments.most));
  files.begin_part("pictures", "Pictures", "");
  WorkerPool pool(std::max<int64_t>(1, config.engine.loader_threads));
  catch_interrupts();
  const ExplainedCounts counts =
      explain_pictures(next, explainer, pool, {name, config.input, config.data.max_pixels, arguments.masks}, files,
                       [] { return interrupt_signal() != 0; });
  const ExplainSummary summary = summary_of(counts, !arguments.masks.empty());
  files.finish(report_of(config.run.name, name, arguments.method, summary),
               facts_of(config.run.name, name, arguments.method, summary));
  return finished(folder, summary, counts.explained > 0, out);
}

int explain_split(const ExplainArguments& arguments, std::ostream& out) {
  Subject subject = open_subject(arguments.run, {arguments.data, arguments.split}, arguments.plugins);
  const RunConfig& config = subject.run.config;
  const size_t task = task_index(config, arguments.task);
  const std::string& name = config.tasks[task].name;
  const fs::path folder = folder_of(arguments, name);
  ClassScore score = class_score(*subject.run.model, task, arguments.class_name);
  prepare_compute(config.engine);
  const at::Device device = choose_device(arguments.device);
  const Evaluation evaluation = evaluate(subject, device);
  ExplanationFiles files(folder, static_cast<size_t>(arguments.most));
  catch_interrupts();
  SplitCounts counts{std::to_string(evaluation.rows.size()) + " images of " + subject.images.dataset.table.source +
                     ", split " + subject.split};
  if (arguments.highest_losses) {
    files.begin_part("highest_losses", "Highest losses of task " + name,
                     "Pictures of which the model is surest that their label is wrong, the surest first. Where the "
                     "label is wrong indeed, correct it in the manifest; where it is right, the model lacks such "
                     "pictures.");
    Explainer explainer(*subject.run.model, std::move(score), settings_of(arguments), device);
    counts.highest_losses = explain_highest_losses(subject, evaluation, task,
                                                   static_cast<size_t>(*arguments.highest_losses), explainer, files);
  }
  if (arguments.contradictions) {
    files.begin_part("contradictions", "Contradictions between tasks",
                     "Pictures of which one task says that they show a defect, and another that they do not: each "
                     "picture once for every such task, with what speaks for its answer.");
    counts.contradictions = explain_contradictions(subject, evaluation, settings_of(arguments), device, files);
  }
  const ExplainSummary summary = summary_of(counts);
  files.finish(report_of(config.run.name, name, arguments.method, summary),
               facts_of(config.run.name, name, arguments.method, summary));
  return finished(folder, summary, true, out);
}

}  // namespace

int explain(const ExplainArguments& arguments, std::ostream& out) {
  require_sense(arguments);
  return looks_at_split(arguments) ? explain_split(arguments, out) : explain_paths(arguments, out);
}

}  // namespace mtl
