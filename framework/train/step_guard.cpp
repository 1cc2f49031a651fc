#include "framework/train/step_guard.h"

#include <torch/types.h>
#include <torch/utils.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "mtl/text.h"

namespace mtl {
namespace {

/// The places of the labelled samples of a task whose losses are no finite numbers.
std::vector<int64_t> bad_places(const at::Tensor& per_sample, const at::Tensor& labelled) {
  const at::Tensor places = (per_sample.isfinite().logical_not() & labelled).nonzero().flatten().to(at::kCPU);
  const auto* const first = places.data_ptr<int64_t>();
  return {first, first + places.numel()};
}

bool is_finite_gradient(const at::Tensor& gradient) {
  return !gradient.defined() || gradient.isfinite().all().item<bool>();
}

}  // namespace

std::string sentence_of(const BadStep& step, const std::vector<std::string>& images) {
  constexpr size_t most_named = 5;
  std::vector<std::string> losses;
  for (size_t i = 0; i < step.heads.size(); ++i)
    losses.push_back("the loss of " + step.heads[i] + " is " + step.values[i]);
  std::string text = step.heads.empty() ? "the gradient of " + in_quotes(step.parameter) + " is no finite number"
                                        : join(losses, " and ");
  return text + " in epoch " + std::to_string(step.epoch) + ", batch " + std::to_string(step.batch) + ", with " +
         quoted_list(images, most_named);
}

StepGuard::StepGuard(const MultiTaskModel& model) : model_(model), parameters_(model.parameters()) {
  const std::vector<NamedTensor> state = model.state();
  buffers_.assign(state.begin() + static_cast<std::ptrdiff_t>(parameters_.size()), state.end());
  for (const NamedTensor& named : buffers_) kept_.push_back(named.tensor.detach().clone());
}

void StepGuard::keep_buffers() {
  const torch::NoGradGuard no_grad;
  for (size_t i = 0; i < buffers_.size(); ++i) kept_[i].copy_(buffers_[i].tensor, /*non_blocking=*/true);
}

void StepGuard::begin() {
  keep_buffers();
  batches_.clear();
  rows_.clear();
  total_ = at::Tensor();
}

void StepGuard::add(const std::vector<size_t>& rows, BatchLosses losses, const at::Tensor& total) {
  rows_.push_back(rows);
  batches_.push_back(std::move(losses));
  total_ = total_.defined() ? total_ + total.detach() : total.detach();
}

bool StepGuard::losses_are_finite() const { return std::isfinite(total_.item<double>()); }

BadStep StepGuard::explain() const {
  BadStep bad;
  std::set<size_t> rows;
  for (size_t k = 0; k < model_.heads().size(); ++k) {
    std::string value;
    for (size_t b = 0; b < batches_.size(); ++b)
      for (const int64_t place : bad_places(batches_[b].per_sample[k], batches_[b].labelled[k])) {
        rows.insert(rows_[b].at(static_cast<size_t>(place)));
        if (value.empty()) value = std::isnan(batches_[b].per_sample[k][place].item<double>()) ? "nan" : "inf";
      }
    if (value.empty()) continue;
    bad.heads.push_back(model_.heads()[k].who());
    bad.values.push_back(value);
  }
  if (bad.heads.empty()) {
    for (const std::vector<size_t>& all : rows_) rows.insert(all.begin(), all.end());
    // Backward goes from the heads, which come last, to the image.
    const auto first = std::find_if(parameters_.rbegin(), parameters_.rend(),
                                    [](const NamedTensor& named) { return !is_finite_gradient(named.tensor.grad()); });
    if (first != parameters_.rend()) bad.parameter = first->name;
  }
  bad.rows.assign(rows.begin(), rows.end());
  return bad;
}

void StepGuard::take_back() {
  const torch::NoGradGuard no_grad;
  for (size_t i = 0; i < buffers_.size(); ++i) at::Tensor(buffers_[i].tensor).copy_(kept_[i]);
}

}  // namespace mtl
