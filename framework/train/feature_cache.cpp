#include "framework/train/feature_cache.h"

#include <torch/types.h>
#include <torch/utils.h>

#include <algorithm>
#include <utility>

#include "mtl/error.h"

namespace mtl {
namespace {

int64_t bytes_of(const at::Tensor& tensor) { return tensor.defined() ? static_cast<int64_t>(tensor.nbytes()) : 0; }

at::Tensor joined(const std::vector<at::Tensor>& parts) { return parts.empty() ? at::Tensor() : torch::cat(parts); }

at::Tensor chosen(const at::Tensor& from, const at::Tensor& places) {
  return from.defined() ? from.index_select(0, places) : from;
}

at::Tensor places_of(const std::vector<size_t>& rows, const std::vector<int64_t>& place_of) {
  std::vector<int64_t> places;
  for (const size_t row : rows) places.push_back(place_of.at(row));
  return torch::tensor(places);
}

Features stored_features(const StoredFeatures& stored, const std::vector<size_t>& rows) {
  const at::Tensor index = places_of(rows, stored.place_of);
  return {chosen(stored.map, index), chosen(stored.pooled, index)};
}

Features computed(MultiTaskModel& model, Batch& batch, const at::Device& device) {
  batch.to(device);
  return model.features(batch.images);
}

}  // namespace

FeatureCache::FeatureCache(MultiTaskModel& model, BatchSource& images, int64_t views, BatchOrder order,
                           const at::Device& device, int64_t most_bytes, const FeatureStore* store)
    : most_bytes_(most_bytes), order_(std::move(order)) {
  for (int64_t view = 0; view < views; ++view) views_.push_back(make(model, images, view, device, store));
}

FeatureCache::View FeatureCache::make(MultiTaskModel& model, BatchSource& images, int64_t view,
                                      const at::Device& device, const FeatureStore* store) {
  const torch::NoGradGuard no_grad;
  model.train(false);
  const bool needs_map = std::any_of(model.heads().begin(), model.heads().end(),
                                     [](const GuardedHead& head) { return head.head().needs_map(); });
  const std::optional<StoredFeatures> stored = store ? store->load(view, needs_map) : std::nullopt;
  View result;
  std::vector<at::Tensor> maps, pooled;
  std::vector<std::vector<at::Tensor>> targets(model.heads().size()), labelled(model.heads().size());
  int64_t place = 0;
  images.start_epoch(view);
  while (auto batch = images.next()) {
    for (const size_t row : batch->rows) {
      if (row >= result.place_of.size()) result.place_of.resize(row + 1, -1);
      result.place_of[row] = place++;
    }
    for (size_t k = 0; k < targets.size(); ++k) {
      targets[k].push_back(batch->targets[k]);
      labelled[k].push_back(batch->labelled[k]);
    }
    const Features features = stored ? stored_features(*stored, batch->rows) : computed(model, *batch, device);
    pooled.push_back(features.pooled.to(at::kCPU));
    if (needs_map) maps.push_back(features.map.to(at::kCPU));
    kept_bytes_ += bytes_of(pooled.back()) + (needs_map ? bytes_of(maps.back()) : 0);
    if (kept_bytes_ > most_bytes_)
      throw Error("the features to keep take more than train.fine_tuning.probe_cache_mb = " +
                  std::to_string(most_bytes_ >> 20) + " MiB; raise it, lower probe_views or input.size" +
                  (needs_map ? ", or leave out the tasks that read the feature map" : ""));
  }
  result.map = joined(maps);
  result.pooled = joined(pooled);
  for (size_t k = 0; k < targets.size(); ++k) {
    result.targets.push_back(joined(targets[k]));
    result.labelled.push_back(joined(labelled[k]));
  }
  if (store && !stored) store->save(view, {result.place_of, result.map, result.pooled});
  return result;
}

void FeatureCache::start_epoch(int64_t epoch, int64_t first) {
  order_.start_epoch(epoch);
  current_ = &views_[static_cast<size_t>(epoch) % views_.size()];
  delivered_ = static_cast<size_t>(first);
}

std::optional<Batch> FeatureCache::next() {
  if (delivered_ >= order_.batches()) return {};
  Batch batch;
  batch.rows = order_.rows_of(delivered_++);
  const at::Tensor index = places_of(batch.rows, current_->place_of);
  batch.features = Features{chosen(current_->map, index), chosen(current_->pooled, index)};
  for (size_t k = 0; k < current_->targets.size(); ++k) {
    batch.targets.push_back(chosen(current_->targets[k], index));
    batch.labelled.push_back(chosen(current_->labelled[k], index));
    batch.any_labelled.push_back(batch.labelled.back().any().item<bool>());
  }
  return batch;
}

}  // namespace mtl
