#include "framework/report/page/run_summary.h"

#include <algorithm>
#include <cmath>

#include "framework/report/page/html_text.h"
#include "framework/report/page/number_text.h"
#include "framework/report/page/page_frame.h"
#include "framework/report/page/table_html.h"

namespace mtl {
namespace {

const TaskResult* main_task(const RunPage& run) {
  for (const TaskResult& task : run.test)
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

std::string found(const TaskResult& task) {
  std::string sentence;
  if (const Figure* accuracy = figure_of(task, "accuracy")) {
    sentence = "Task " + task.task + " is right on " + value_of(*accuracy) + " of " +
               count_text(task.labelled, "test image") + ".";
  } else if (!task.figures.empty()) {
    const Figure& first = task.figures.front();
    sentence = "Task " + task.task + " reaches a " + spaced(first.name) + " of " + value_of(first) + " on " +
               count_text(task.labelled, "test image") + ".";
  }
  if (const Figure* escape = figure_of(task, "escape_rate"))
    sentence += " " + value_of(*escape) + " of the defect images pass as normal (escape rate).";
  if (const Figure* overkill = figure_of(task, "overkill_rate"))
    sentence += " " + value_of(*overkill) + " of the normal images are rejected as a defect (overkill rate).";
  return sentence;
}

std::string training(const RunPage& run) {
  std::string sentence = "Trained for " + count_text(static_cast<int64_t>(run.epochs.size()), "epoch");
  if (run.seconds > 0) sentence += " in " + elapsed_text(run.seconds);
  sentence += run.stopped_early ? ", then stopped early as nothing got better." : ".";
  if (run.best_epoch > 0) sentence += " The weights of epoch " + std::to_string(run.best_epoch) + " were tested.";
  return sentence;
}

}  // namespace

std::string run_summary(const RunPage& run) {
  const TaskResult* task = main_task(run);
  return paragraph(task ? found(*task) : "This run has not been tested.", "lead") +
         paragraph(training(run) + (run.data.empty() ? "" : " " + run.data), "note");
}

std::string run_key_figures(const RunPage& run) {
  struct Meaning {
    const char *figure, *name, *meaning;
  };
  static constexpr Meaning meanings[] = {
      {"accuracy", "Accuracy", "images given exactly the right class"},
      {"defect_accuracy", "Accuracy, defects", "the same over images of a defect"},
      {"normal_accuracy", "Accuracy, normal", "the same over images of good parts"},
      {"escape_rate", "Escape rate", "defect images that pass as normal: bad parts that get out"},
      {"overkill_rate", "Overkill rate", "normal images taken for a defect: good parts that are rejected"}};
  const TaskResult* task = main_task(run);
  std::vector<KeyFigure> figures;
  if (task)
    for (const Meaning& meaning : meanings)
      if (const Figure* figure = figure_of(*task, meaning.figure))
        figures.push_back({meaning.name, value_of(*figure), meaning.meaning});
  return figures.empty() ? "" : key_figures(figures);
}

std::string test_table_html(const RunPage& run) {
  Table table{"test-figures",
              "All tasks on the test split",
              "",
              {{"task", {"task"}}, {"head", {"head"}}, {"images", {"images"}, true}, {"loss", {"loss"}, true}},
              {}};
  std::vector<std::string> names;
  for (const TaskResult& task : run.test)
    for (const Figure& figure : task.figures)
      if (std::find(names.begin(), names.end(), figure.name) == names.end()) names.push_back(figure.name);
  for (const std::string& name : names) table.columns.push_back({spaced(name), {name}, true});
  for (const TaskResult& task : run.test) {
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

}  // namespace mtl
