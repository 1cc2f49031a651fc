#include "framework/train/task_gradients.h"

#include <torch/autograd.h>
#include <torch/types.h>

#include <algorithm>
#include <limits>

namespace mtl {
namespace {

/// A tensor per shared parameter, undefined where the loss does not depend on it; empty where it depends on none.
using Gradient = std::vector<at::Tensor>;

Gradient gradient_of(const TaskLoss& loss, const std::vector<at::Tensor>& shared, double loss_scale) {
  if (!loss.any_labelled || !loss.mean.requires_grad() || shared.empty()) return {};
  Gradient gradient = torch::autograd::grad({loss.mean * loss_scale}, shared, /*grad_outputs=*/{},
                                            /*retain_graph=*/true, /*create_graph=*/false, /*allow_unused=*/true);
  const bool depends =
      std::any_of(gradient.begin(), gradient.end(), [](const at::Tensor& part) { return part.defined(); });
  return depends ? gradient : Gradient{};
}

at::Tensor dot(const Gradient& a, const Gradient& b, const at::Device& device) {
  const auto options = torch::dtype(at::kDouble).device(device);
  if (a.empty() || b.empty()) return torch::full({}, std::numeric_limits<double>::quiet_NaN(), options);
  std::vector<at::Tensor> sums{torch::zeros({}, options)};
  for (size_t i = 0; i < a.size(); ++i)
    if (a[i].defined() && b[i].defined()) sums.push_back((a[i] * b[i]).sum(at::kDouble));
  return torch::stack(sums).sum();
}

std::string norm_name(size_t task) { return "norm." + std::to_string(task); }
std::string cosine_name(size_t task) { return "cosine." + std::to_string(task); }

std::vector<double> means(const std::vector<MeanMeter>& meters) {
  std::vector<double> values;
  for (const MeanMeter& meter : meters) values.push_back(meter.value());
  return values;
}

}  // namespace

TaskGradients task_gradients(const std::vector<TaskLoss>& losses, size_t main_task,
                             const std::vector<at::Tensor>& shared, double loss_scale) {
  const at::Device device = losses[main_task].mean.device();
  const Gradient main = gradient_of(losses[main_task], shared, loss_scale);
  const at::Tensor main_norm = dot(main, main, device).sqrt();
  TaskGradients measured;
  for (size_t k = 0; k < losses.size(); ++k) {
    const Gradient own = k == main_task ? main : gradient_of(losses[k], shared, loss_scale);
    const at::Tensor norm = dot(own, own, device).sqrt();
    measured.norms.push_back(norm / loss_scale);
    measured.cosines.push_back((dot(own, main, device) / (norm * main_norm)).clamp(-1, 1));
  }
  return measured;
}

GradientMeter::GradientMeter(MultiTaskModel& model, size_t main_task, int64_t measured)
    : model_(model),
      main_task_(main_task),
      measured_(measured),
      norms_(model.heads().size()),
      cosines_(model.heads().size()) {}

bool GradientMeter::is_due(int64_t index, int64_t batches) const {
  return (index + 1) * measured_ / batches > index * measured_ / batches;
}

void GradientMeter::add(const std::vector<TaskLoss>& losses, double loss_scale) {
  std::vector<at::Tensor> shared;
  for (const at::Tensor& parameter : model_.backbone().parameters())
    if (parameter.requires_grad()) shared.push_back(parameter);
  const TaskGradients measured = task_gradients(losses, main_task_, shared, loss_scale);
  for (size_t k = 0; k < losses.size(); ++k) {
    norms_[k].add(measured.norms[k], measured.norms[k].isfinite());
    cosines_[k].add(measured.cosines[k], measured.cosines[k].isfinite());
  }
}

void GradientMeter::reset() {
  for (size_t k = 0; k < norms_.size(); ++k) {
    norms_[k].reset();
    cosines_[k].reset();
  }
}

void GradientMeter::write_to(EpochResult& result) const {
  if (measured_ == 0) return;
  result.gradient_norms = means(norms_);
  result.gradient_cosines = means(cosines_);
}

std::vector<NamedTensor> GradientMeter::state() const {
  std::vector<NamedTensor> all;
  for (size_t k = 0; k < norms_.size(); ++k)
    for (const auto& part : {norms_[k].state(norm_name(k)), cosines_[k].state(cosine_name(k))})
      all.insert(all.end(), part.begin(), part.end());
  return all;
}

void GradientMeter::load_state(const std::vector<NamedTensor>& state, const at::Device& device) {
  for (size_t k = 0; k < norms_.size(); ++k) {
    norms_[k].load_state(norm_name(k), state, device);
    cosines_[k].load_state(cosine_name(k), state, device);
  }
}

}  // namespace mtl
