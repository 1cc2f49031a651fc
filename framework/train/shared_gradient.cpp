#include "framework/train/shared_gradient.h"

#include <torch/types.h>
#include <torch/utils.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "mtl/error.h"
#include "plugins/host/plugin_call.h"

namespace mtl {
namespace {

/// Those of the stage before the features.
std::vector<at::Tensor> last_stage_of(const Backbone& backbone) {
  const std::vector<std::string> stages = backbone.stages();
  std::vector<at::Tensor> parameters;
  for (const auto& item : backbone.named_parameters())
    if (!stages.empty() && item.key().rfind(stages.back(), 0) == 0) parameters.push_back(item.value());
  return parameters;
}

at::Tensor inner_product(const std::vector<at::Tensor>& a, const std::vector<at::Tensor>& b, const at::Device& device) {
  at::Tensor sum = torch::zeros({}, torch::dtype(at::kDouble).device(device));
  for (size_t i = 0; i < a.size() && i < b.size(); ++i)
    if (a[i].defined() && b[i].defined()) sum += (a[i] * b[i]).sum(at::kDouble);
  return sum;
}

/// [T,T] row by row, of lists of tensors; an empty list is no gradient.
std::vector<double> gramian_of(const std::vector<std::vector<at::Tensor>>& gradients, const at::Device& device) {
  const torch::NoGradGuard no_grad;
  std::vector<at::Tensor> products;
  for (const auto& a : gradients)
    for (const auto& b : gradients) products.push_back(inner_product(a, b, device));
  const at::Tensor all = torch::stack(products).to(at::kCPU);
  return {all.data_ptr<double>(), all.data_ptr<double>() + all.numel()};
}

}  // namespace

SharedGradient::SharedGradient(MultiTaskModel& model, WeightingPart part)
    : model_(model),
      part_(std::move(part)),
      who_("the loss weighting (" + part_.library + ")"),
      needs_(host::call_plugin(who_, [&] { return part_.weighting.needs(); })),
      head_weights_(normalized(part_.static_weights, part_.normalize)),
      loss_sums_(part_.static_weights.size()),
      loss_counts_(part_.static_weights.size(), 0) {
  if (needs_.gradients && part_.over != "backbone")
    throw Error(who_ +
                " combines the gradients themselves, which goes with weighting.over = \"backbone\" alone, and not "
                "with \"" +
                part_.over + "\"");
  needs_.losses |= needs_.losses_after;
  needs_.gramian |= needs_.gradients;
  if (part_.over == "last_stage") last_stage_ = last_stage_of(model.backbone());
  if (needs_.gramian && part_.over == "backbone") buffers_.emplace(shared_parameters(), part_.static_weights.size());
}

std::vector<at::Tensor> SharedGradient::shared_parameters() const { return model_.backbone().parameters(); }

void SharedGradient::begin_step() {
  weights_.clear();
  if (!is_of_steps()) return;
  buffers_->clear();
  std::fill(loss_sums_.begin(), loss_sums_.end(), at::Tensor());
  std::fill(loss_counts_.begin(), loss_counts_.end(), 0);
}

/// What a gradient at a head's leaves is divided by to be that of the plain mean loss.
double SharedGradient::factor_of(size_t task, const BatchPlace& place) const {
  return 1 / (head_weights_[task] * place.loss_scale * place.share);
}

void SharedGradient::add(const FeatureCut& cut, const std::vector<TaskLoss>& losses, const BatchPlace& place,
                         GradientMeter* measured) {
  if (!cut.reaches_parameters()) {  // the heads alone learn: nothing is to be weighted
    weights_.push_back(head_weights_);
    return;
  }
  if (measured && !is_of_steps())
    measured->add([&](size_t k) {
      return losses[k].any_labelled ? cut.gradients_by(shared_parameters(), cut.gradient(k, factor_of(k, place)), true)
                                    : std::vector<at::Tensor>();
    });
  if (is_of_steps()) return add_to_buffers(cut, losses, place);
  WeightingStep step = step_of(losses, place);
  if (needs_.gramian) step.gramian = gramian(cut, losses, place);
  const std::vector<double> weights = ask(step);
  std::vector<double> factors;
  for (size_t k = 0; k < weights.size(); ++k)
    factors.push_back(losses[k].any_labelled ? weights[k] / head_weights_[k] : 0);
  cut.backward(cut.combined(factors));
}

WeightingStep SharedGradient::step_of(const std::vector<TaskLoss>& losses, const BatchPlace& place) const {
  WeightingStep step;
  step.step = place.step;
  step.epoch = place.epoch;
  for (const TaskLoss& loss : losses) {
    step.labelled.push_back(loss.any_labelled);
    if (needs_.losses) step.losses.push_back(loss.mean.item<double>());
  }
  return step;
}

/// Over the features or the last stage, of one batch.
std::vector<double> SharedGradient::gramian(const FeatureCut& cut, const std::vector<TaskLoss>& losses,
                                            const BatchPlace& place) const {
  std::vector<std::vector<at::Tensor>> gradients(losses.size());
  for (size_t k = 0; k < losses.size(); ++k) {
    if (!losses[k].any_labelled) continue;
    const Features gradient = cut.gradient(k, factor_of(k, place));
    gradients[k] = part_.over == "features" ? std::vector<at::Tensor>{gradient.map, gradient.pooled}
                                            : cut.gradients_by(last_stage_, gradient, /*keep_graph=*/true);
  }
  return gramian_of(gradients, losses.front().mean.device());
}

void SharedGradient::add_to_buffers(const FeatureCut& cut, const std::vector<TaskLoss>& losses,
                                    const BatchPlace& place) {
  for (size_t k = 0; k < losses.size(); ++k) {
    if (!losses[k].any_labelled) continue;
    // The last pass could let the graph go, but which is the last that has a label is not worth knowing.
    const std::vector<at::Tensor> parts = cut.gradients_by(shared_parameters(), cut.gradient(k), /*keep_graph=*/true);
    buffers_->add(k, parts, factor_of(k, place) * place.share);
    const at::Tensor loss = losses[k].mean.detach();
    loss_sums_[k] = loss_sums_[k].defined() ? loss_sums_[k] + loss : loss;
    ++loss_counts_[k];
  }
}

std::vector<double> SharedGradient::ask(const WeightingStep& step) {
  last_ = step;
  std::vector<double> weights = host::call_plugin(who_, [&] { return part_.weighting.weights(step); });
  const bool all_sound = weights.size() == head_weights_.size() &&
                         std::all_of(weights.begin(), weights.end(),
                                     [&](double w) { return std::isfinite(w) && (needs_.gramian || w >= 0); });
  if (!all_sound || std::all_of(weights.begin(), weights.end(), [](double w) { return w == 0; }))
    throw Error(who_ + " returned weights that are not " + std::to_string(head_weights_.size()) +
                (needs_.gramian ? " finite numbers with one that is not 0" : " finite numbers >= 0 with one above 0") +
                ", in step " + std::to_string(step.step));
  weights_.push_back(normalized(std::move(weights), part_.normalize));
  return weights_.back();
}

void SharedGradient::finish_step(const BatchPlace& place, GradientMeter& measured) {
  if (!is_of_steps() || !weights_.empty()) return;
  WeightingStep step;
  step.step = place.step;
  step.epoch = place.epoch;
  for (size_t k = 0; k < loss_counts_.size(); ++k) {
    step.labelled.push_back(loss_counts_[k] > 0);
    if (needs_.losses)
      step.losses.push_back(loss_counts_[k] > 0 ? loss_sums_[k].item<double>() / static_cast<double>(loss_counts_[k])
                                                : 0);
  }
  step.gramian = buffers_->gramian();
  measured.add(step.gramian, step.labelled);
  std::vector<double> weights = ask(step);
  if (!needs_.gradients) {
    for (size_t k = 0; k < weights.size(); ++k)
      if (!step.labelled[k]) weights[k] = 0;
    buffers_->write(buffers_->combine(weights), place.loss_scale);
    return;
  }
  std::vector<at::Tensor> gradients = buffers_->rows();
  for (size_t k = 0; k < gradients.size(); ++k)
    if (!step.labelled[k]) gradients[k] = at::Tensor();
  const at::Tensor combined = host::call_plugin(who_, [&] { return part_.weighting.combine(step, gradients); });
  if (!combined.defined() || combined.sizes() != buffers_->rows().front().sizes())
    throw Error(who_ + " combined the gradients to something else than a row of " +
                std::to_string(buffers_->rows().front().numel()) + " values, in step " + std::to_string(step.step));
  buffers_->write(combined, place.loss_scale);
}

void SharedGradient::look_back(const std::vector<TaskLoss>& losses) {
  std::vector<double> now;
  for (const TaskLoss& loss : losses) now.push_back(loss.mean.item<double>());
  host::call_plugin(who_, [&] {
    part_.weighting.look_back(last_, now);
    return 0;
  });
}

std::vector<NamedTensor> SharedGradient::state() const {
  std::vector<NamedTensor> state;
  for (const auto& [name, tensor] : host::call_plugin(who_, [&] { return part_.weighting.state(); }))
    state.push_back({name, tensor});
  return state;
}

void SharedGradient::load_state(const std::vector<NamedTensor>& state) {
  std::map<std::string, at::Tensor> parts;
  for (const NamedTensor& named : state) parts[named.name] = named.tensor.clone();
  host::call_plugin(who_, [&] {
    part_.weighting.load_state(parts);
    return 0;
  });
}

}  // namespace mtl
