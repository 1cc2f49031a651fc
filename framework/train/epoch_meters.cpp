#include "framework/train/epoch_meters.h"

#include <torch/types.h>

#include <algorithm>
#include <string>

#include "framework/train/state_parts.h"

namespace mtl {
namespace {

std::string loss_name(size_t task) { return "loss." + std::to_string(task); }

}  // namespace

void EpochMeters::reset() {
  for (MeanMeter& meter : losses_) meter.reset();
  std::fill(weights_.begin(), weights_.end(), 0.0);
  weighted_ = 0;
}

void EpochMeters::add(const BatchLosses& batch) {
  for (size_t k = 0; k < losses_.size(); ++k) losses_[k].add(batch.per_sample[k], batch.labelled[k]);
}

void EpochMeters::add_weights(const std::vector<double>& weights) {
  ++weighted_;
  for (size_t k = 0; k < weights.size(); ++k)
    weights_[k] += (weights[k] - weights_[k]) / static_cast<double>(weighted_);
}

void EpochMeters::write_to(EpochResult& result) const {
  for (const MeanMeter& meter : losses_) result.train_losses.push_back(meter.value());
  result.weights = weights_;
}

std::vector<NamedTensor> EpochMeters::state() const {
  std::vector<NamedTensor> state{{"weights", torch::tensor(weights_, at::kDouble)}, {"weighted", as_tensor(weighted_)}};
  for (size_t k = 0; k < losses_.size(); ++k)
    for (NamedTensor& named : losses_[k].state(loss_name(k))) state.push_back(std::move(named));
  return state;
}

void EpochMeters::load_state(const std::vector<NamedTensor>& state, const at::Device& device) {
  std::vector<NamedTensor> own{{"weights", torch::tensor(weights_, at::kDouble)}, {"weighted", as_tensor(weighted_)}};
  std::vector<NamedTensor> given;
  for (const NamedTensor& named : state)
    if (named.name == "weights" || named.name == "weighted") given.push_back(named);
  load_into(own, given);
  const auto* const weights = own[0].tensor.data_ptr<double>();
  weights_.assign(weights, weights + own[0].tensor.numel());
  weighted_ = own[1].tensor.item<int64_t>();
  for (size_t k = 0; k < losses_.size(); ++k) losses_[k].load_state(loss_name(k), state, device);
}

}  // namespace mtl
