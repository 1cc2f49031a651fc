#include "framework/report/page/run_summary.h"

#include <algorithm>
#include <cmath>

#include "framework/report/page/confusion_html.h"
#include "framework/report/page/html_text.h"
#include "framework/report/page/number_text.h"
#include "framework/report/page/page_frame.h"
#include "framework/report/page/table_html.h"
#include "mtl/text.h"

namespace mtl {
namespace {

const TaskResult* main_task(const std::vector<TaskResult>& tasks) {
  for (const TaskResult& task : tasks)
    if (task.main) return &task;
  return nullptr;
}

const Figure* figure_of(const TaskResult& task, const std::string& name) {
  for (const Figure& figure : task.figures)
    if (figure.name == name && std::isfinite(figure.value)) return &figure;
  return nullptr;
}

std::string value_of(const Figure& figure) {
  return figure.is_share ? share_text(figure.value) : general_text(figure.value);
}

std::string found(const TaskResult& task, const std::string& noun) {
  std::string sentence;
  if (const Figure* accuracy = figure_of(task, "accuracy")) {
    sentence =
        "Task " + task.task + " is right on " + value_of(*accuracy) + " of " + count_text(task.labelled, noun) + ".";
  } else if (!task.figures.empty()) {
    const Figure& first = task.figures.front();
    sentence = "Task " + task.task + " reaches a " + spaced(first.name) + " of " + value_of(first) + " on " +
               count_text(task.labelled, noun) + ".";
  }
  if (const Figure* escape = figure_of(task, "escape_rate"))
    sentence += " " + value_of(*escape) + " of the defect images pass as normal (escape rate).";
  if (const Figure* overkill = figure_of(task, "overkill_rate"))
    sentence += " " + value_of(*overkill) + " of the normal images are rejected as a defect (overkill rate).";
  return sentence;
}

std::string left_out(const RunPage& run) {
  if (run.left_out.empty()) return "";
  return " " + count_text(static_cast<int64_t>(run.left_out.size()), "image") +
         " could not be read, and left out: " + quoted_list(run.left_out, 10) + ".";
}

std::string training(const RunPage& run) {
  std::string sentence = "Trained for " + count_text(static_cast<int64_t>(run.epochs.size()), "epoch");
  if (run.seconds > 0) sentence += " in " + elapsed_text(run.seconds);
  sentence += run.stopped_early ? ", then stopped early as nothing got better." : ".";
  int64_t skipped = 0;
  for (const EpochResult& epoch : run.epochs) skipped += epoch.skipped_steps;
  if (skipped > 0)
    sentence += " " + count_text(skipped, "step") + " left out, for a loss or gradient that was no finite number.";
  if (!run.epochs.empty() && run.epochs.back().batch_parts > 1)
    sentence += " Memory ran out: at the end batches went through the model in " +
                std::to_string(run.epochs.back().batch_parts) + " parts.";
  if (run.best_epoch > 0) sentence += " The weights of epoch " + std::to_string(run.best_epoch) + " were tested.";
  return sentence;
}

}  // namespace

std::string run_summary(const RunPage& run) {
  return tasks_summary(run.test, "test image") +
         paragraph(training(run) + (run.data.empty() ? "" : " " + run.data) + left_out(run), "note");
}

std::string tasks_summary(const std::vector<TaskResult>& tasks, const std::string& noun) {
  const TaskResult* task = main_task(tasks);
  return paragraph(task ? found(*task, noun) : "This run has not been tested.", "lead");
}

std::string tasks_key_figures(const std::vector<TaskResult>& tasks) {
  struct Meaning {
    const char *figure, *name, *meaning;
  };
  static constexpr Meaning meanings[] = {
      {"accuracy", "Accuracy", "images given exactly the right class"},
      {"defect_accuracy", "Accuracy, defects", "the same over images of a defect"},
      {"normal_accuracy", "Accuracy, normal", "the same over images of good parts"},
      {"escape_rate", "Escape rate", "defect images that pass as normal: bad parts that get out"},
      {"overkill_rate", "Overkill rate", "normal images taken for a defect: good parts that are rejected"}};
  const TaskResult* task = main_task(tasks);
  std::vector<KeyFigure> figures;
  if (task)
    for (const Meaning& meaning : meanings)
      if (const Figure* figure = figure_of(*task, meaning.figure))
        figures.push_back({meaning.name, value_of(*figure), meaning.meaning});
  return figures.empty() ? "" : key_figures(figures);
}

std::string tasks_table_html(const std::vector<TaskResult>& tasks, const std::string& caption) {
  Table table{"test-figures",
              caption,
              "",
              {{"task", {"task"}}, {"head", {"head"}}, {"images", {"images"}, true}, {"loss", {"loss"}, true}},
              {}};
  std::vector<std::string> names;
  for (const TaskResult& task : tasks)
    for (const Figure& figure : task.figures)
      if (std::find(names.begin(), names.end(), figure.name) == names.end()) names.push_back(figure.name);
  for (const std::string& name : names) table.columns.push_back({spaced(name), {name}, true});
  for (const TaskResult& task : tasks) {
    table.rows.push_back({{task.task + (task.main ? " (main)" : ""), {}},
                          {task.plugin, {}},
                          {std::to_string(task.labelled), {}},
                          {fixed_text(task.loss, 4), {}}});
    for (const std::string& name : names) {
      const Figure* figure = figure_of(task, name);
      table.rows.back().push_back({figure ? value_of(*figure) : "–", {}, "", figure ? Tone::plain : Tone::quiet});
    }
  }
  return table_html(table);
}

std::string classes_html(const std::vector<TaskResult>& tasks) {
  std::string html;
  for (size_t k = 0; k < tasks.size(); ++k)
    for (const ConfusionCounts& confusion : tasks[k].confusion) {
      const std::string number = std::to_string(k), task = "task " + tasks[k].task;
      html += table_html(confusion_table("confusion-" + number, "Confusion matrix of " + task, {confusion, 1}));
      html += table_html(class_table("classes-" + number, "Classes of " + task, confusion));
    }
  return html;
}

}  // namespace mtl
