#include "framework/train/task_gradients.h"

#include <torch/types.h>
#include <torch/utils.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "framework/train/state_parts.h"

namespace mtl {
namespace {

using Gradient = std::vector<at::Tensor>;

bool is_there(const Gradient& gradient) {
  return std::any_of(gradient.begin(), gradient.end(), [](const at::Tensor& part) { return part.defined(); });
}

at::Tensor dot(const Gradient& a, const Gradient& b, const at::Device& device) {
  const auto options = torch::dtype(at::kDouble).device(device);
  if (!is_there(a) || !is_there(b)) return torch::full({}, std::numeric_limits<double>::quiet_NaN(), options);
  std::vector<at::Tensor> sums{torch::zeros({}, options)};
  for (size_t i = 0; i < a.size(); ++i)
    if (a[i].defined() && b[i].defined()) sums.push_back((a[i] * b[i]).sum(at::kDouble));
  return torch::stack(sums).sum();
}

std::string norm_name(size_t task) { return "norm." + std::to_string(task); }
std::string conflict_name(size_t task) { return "conflict." + std::to_string(task); }
std::string cosine_name(size_t task) { return "cosine." + std::to_string(task); }

std::vector<double> means(const std::vector<MeanMeter>& meters) {
  std::vector<double> values;
  for (const MeanMeter& meter : meters) values.push_back(meter.value());
  return values;
}

}  // namespace

TaskGradients task_gradients(size_t tasks, size_t main_task, const GradientOf& gradient_of, const at::Device& device) {
  const torch::NoGradGuard no_grad;
  const Gradient main = gradient_of(main_task);
  const at::Tensor main_norm = dot(main, main, device).sqrt();
  TaskGradients measured;
  for (size_t k = 0; k < tasks; ++k) {
    const Gradient own = k == main_task ? main : gradient_of(k);
    const at::Tensor norm = dot(own, own, device).sqrt();
    measured.norms.push_back(norm);
    measured.cosines.push_back((dot(own, main, device) / (norm * main_norm)).clamp(-1, 1));
  }
  return measured;
}

GradientMeter::GradientMeter(size_t tasks, size_t main_task, int64_t measured, const at::Device& device)
    : main_task_(main_task), measured_(measured), device_(device), norms_(tasks), cosines_(tasks), conflicts_(tasks) {}

bool GradientMeter::is_due(int64_t index, int64_t batches) const {
  return (index + 1) * measured_ / batches > index * measured_ / batches;
}

void GradientMeter::add(const GradientOf& gradient_of) {
  add(task_gradients(norms_.size(), main_task_, gradient_of, device_));
}

void GradientMeter::add(const std::vector<double>& gramian, const std::vector<bool>& labelled) {
  const size_t tasks = norms_.size();
  constexpr double none = std::numeric_limits<double>::quiet_NaN();
  const auto norm = [&](size_t k) {
    const double square = gramian[k * tasks + k];
    return labelled[k] && square > 0 ? std::sqrt(square) : none;
  };
  TaskGradients measured;
  for (size_t k = 0; k < tasks; ++k) {
    const double cosine = gramian[k * tasks + main_task_] / (norm(k) * norm(main_task_));
    measured.norms.push_back(as_tensor(norm(k)));
    measured.cosines.push_back(as_tensor(std::clamp(cosine, -1.0, 1.0)));
  }
  add(measured);
}

void GradientMeter::add(const TaskGradients& measured) {
  for (size_t k = 0; k < norms_.size(); ++k) {
    const at::Tensor is_known = measured.cosines[k].isfinite();
    norms_[k].add(measured.norms[k], measured.norms[k].isfinite());
    cosines_[k].add(measured.cosines[k], is_known);
    conflicts_[k].add((measured.cosines[k] < 0).to(at::kDouble), is_known);
  }
}

void GradientMeter::reset() {
  for (size_t k = 0; k < norms_.size(); ++k) {
    norms_[k].reset();
    cosines_[k].reset();
    conflicts_[k].reset();
  }
}

void GradientMeter::write_to(EpochResult& result) const {
  const std::vector<double> norms = means(norms_);
  const bool any = std::any_of(norms.begin(), norms.end(), [](double norm) { return std::isfinite(norm); });
  if (measured_ == 0 && !any) return;
  result.gradient_norms = norms;
  result.gradient_cosines = means(cosines_);
  result.gradient_conflicts = means(conflicts_);
}

std::vector<NamedTensor> GradientMeter::state() const {
  std::vector<NamedTensor> all;
  for (size_t k = 0; k < norms_.size(); ++k)
    for (const auto& part :
         {norms_[k].state(norm_name(k)), cosines_[k].state(cosine_name(k)), conflicts_[k].state(conflict_name(k))})
      all.insert(all.end(), part.begin(), part.end());
  return all;
}

void GradientMeter::load_state(const std::vector<NamedTensor>& state, const at::Device& device) {
  for (size_t k = 0; k < norms_.size(); ++k) {
    norms_[k].load_state(norm_name(k), state, device);
    cosines_[k].load_state(cosine_name(k), state, device);
    conflicts_[k].load_state(conflict_name(k), state, device);
  }
}

}  // namespace mtl
