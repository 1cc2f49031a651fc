#include "framework/cli/eval_subject.h"

#include <algorithm>
#include <iostream>
#include <numeric>

#include "framework/cli/compose.h"
#include "mtl/error.h"
#include "mtl/text.h"

namespace mtl {
namespace {

namespace fs = std::filesystem;

/// The run's data, or other pictures read as the run's configuration says.
DataSettings data_of(const WantedImages& wanted, const RunConfig& config) {
  DataSettings data = config.data;
  if (wanted.manifest.empty()) return data;
  data.source = "manifest";
  data.manifest = fs::absolute(wanted.manifest);
  if (!wanted.group_column.empty()) data.group_column = wanted.group_column;
  return data;
}

std::vector<size_t> rows_of(const SampleTable& table, const std::string& split) {
  std::vector<size_t> rows;
  if (split == "all") {
    rows.resize(table.size());
    std::iota(rows.begin(), rows.end(), size_t{0});
  } else {
    rows = table.rows_of(split == "train" ? Split::train : split == "val" ? Split::validation : Split::test);
  }
  if (rows.empty()) throw Error("there is no image in the split " + in_quotes(split) + " of " + table.source);
  return rows;
}

/// A column that other data does not have is "not labelled".
TaskLabels labels_of(const SampleTable& table, const TaskSettings& task, const GuardedHead& head) {
  const std::string column = column_of(task, head);
  const bool is_there = std::count(table.columns.begin(), table.columns.end(), column) > 0;
  if (is_there) return encode_labels(table, column, task.name, head.head());
  SampleTable unlabelled = table;
  unlabelled.columns = {column};
  for (auto& cells : unlabelled.cells) cells = {""};
  return encode_labels(unlabelled, column, task.name, head.head());
}

}  // namespace

std::string wanted_split(const WantedImages& wanted) {
  if (!wanted.split.empty()) return wanted.split;
  return wanted.manifest.empty() ? "test" : "all";
}

Subject open_subject(const fs::path& run, const WantedImages& wanted, const PluginAccess& plugins) {
  Subject subject{open_model(run, plugins), {}, {}, {}, {}, wanted_split(wanted)};
  RunConfig& config = subject.run.config;
  config.data = data_of(wanted, config);
  subject.images = open_images(config);
  Dataset& dataset = subject.images.dataset;
  if (wanted.manifest.empty())
    complete_splits(dataset, config.data, main_column(config, *subject.run.model));
  else if (subject.split != "all" && !dataset.has_splits)
    throw Error(wanted.manifest.string() + " has no column that says which image is in which split; leave --split out");
  subject.rows = rows_of(dataset.table, subject.split);
  for (size_t k = 0; k < config.tasks.size(); ++k) {
    subject.labels.push_back(labels_of(dataset.table, config.tasks[k], subject.run.model->heads()[k]));
    subject.tasks.push_back({config.tasks[k].name, config.tasks[k].plugin.name, config.tasks[k].main});
  }
  return subject;
}

Evaluation evaluate(Subject& subject, const at::Device& device) {
  const RunConfig& config = subject.run.config;
  MultiTaskModel& model = *subject.run.model;
  model.to(device);
  LoaderSettings settings;
  settings.rows = subject.rows;
  settings.batch_size = config.train.batch_size;
  settings.size = config.input.size;
  settings.normalization = model.backbone().normalization();
  settings.prefetch = config.engine.prefetch;
  BadImages bad_images;
  if (config.data.bad_images == "skip") settings.bad_images = &bad_images;
  WorkerPool workers(config.engine.loader_threads);
  Loader loader(*subject.images.pixels, subject.labels, std::move(settings), workers);
  Evaluation evaluation = mtl::evaluate(model, subject.tasks, loader, device, true);
  for (const std::string& sentence : bad_images.take_new()) std::cerr << sentence << "; it is left out\n";
  return evaluation;
}

}  // namespace mtl
