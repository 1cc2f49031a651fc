#include "framework/metrics/task_meter.h"

#include <torch/types.h>

#include <algorithm>
#include <limits>
#include <utility>

namespace mtl {
namespace {

size_t index_of(const std::vector<std::string>& names, const std::string& name) {
  return static_cast<size_t>(std::find(names.begin(), names.end(), name) - names.begin());
}

}  // namespace

TaskMeter::TaskMeter(GuardedHead head, std::string plugin, bool main)
    : head_(std::move(head)), plugin_(std::move(plugin)), main_(main) {}

void TaskMeter::add(const at::Tensor& outputs, const at::Tensor& losses, const at::Tensor& targets,
                    const at::Tensor& labelled) {
  loss_.add(losses, labelled);
  outputs_.push_back(outputs.detach().to(at::kCPU));
  losses_.push_back(losses.detach().to(at::kCPU, at::kDouble));
  targets_.push_back(targets.to(at::kCPU));
  labelled_.push_back(labelled.to(at::kCPU));
}

std::vector<std::string> TaskMeter::truths() const {
  std::vector<std::string> texts;
  for (size_t b = 0; b < targets_.size(); ++b)
    for (int64_t i = 0; i < labelled_[b].size(0); ++i)
      texts.push_back(labelled_[b][i].item<bool>() ? head_.decode(targets_[b][i]) : "");
  return texts;
}

std::vector<Prediction> TaskMeter::predictions() const {
  std::vector<Prediction> all;
  for (const at::Tensor& outputs : outputs_)
    for (Prediction& prediction : head_.predict(outputs)) all.push_back(std::move(prediction));
  return all;
}

std::vector<std::vector<double>> TaskMeter::probabilities() const {
  std::vector<std::vector<double>> all;
  for (const at::Tensor& outputs : outputs_)
    for (std::vector<double>& row : head_.probability_rows(outputs)) all.push_back(std::move(row));
  return all;
}

std::vector<double> TaskMeter::losses() const {
  std::vector<double> all;
  for (size_t b = 0; b < losses_.size(); ++b)
    for (int64_t i = 0; i < losses_[b].size(0); ++i)
      all.push_back(labelled_[b][i].item<bool>() ? losses_[b][i].item<double>()
                                                 : std::numeric_limits<double>::quiet_NaN());
  return all;
}

TaskResult TaskMeter::result() const {
  TaskResult result{head_.task(), plugin_, main_, loss_.value(), 0, {}, {}};
  if (outputs_.empty()) return result;
  const at::Tensor labelled = torch::cat(labelled_);
  result.labelled = labelled.sum().item<int64_t>();
  const at::Tensor rows = labelled.nonzero().squeeze(1);
  result.figures =
      head_.figures(torch::cat(outputs_).index_select(0, rows), torch::cat(targets_).index_select(0, rows));

  const ClassList& classes = head_.classes();
  if (classes.names.empty()) return result;
  ConfusionCounts confusion{classes, {}};
  confusion.counts.assign(classes.names.size(), std::vector<int64_t>(classes.names.size(), 0));
  const std::vector<std::string> truth = truths();
  const std::vector<Prediction> predicted = predictions();
  for (size_t i = 0; i < truth.size(); ++i)
    if (!truth[i].empty())
      ++confusion.counts.at(index_of(classes.names, truth[i])).at(index_of(classes.names, predicted[i].label));
  result.confusion.push_back(std::move(confusion));
  return result;
}

}  // namespace mtl
