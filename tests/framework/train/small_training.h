#pragma once

#include <torch/torch.h>

#include <string>
#include <vector>

#include "framework/train/trainer.h"
#include "plugins/host/plugin_registry.h"

/// A training small enough for a test: two tasks on random images.
namespace mtl::test {

constexpr int64_t images_per_batch = 4;
constexpr uint64_t seed = 5;

inline std::string name_of_image(size_t row) { return "image " + std::to_string(row); }

/// The same random images every epoch; the second task has no label in every third batch.
class RandomBatches : public BatchSource {
 public:
  explicit RandomBatches(int64_t count) {
    torch::manual_seed(11);
    for (int64_t i = 0; i < count; ++i) {
      Batch batch;
      batch.images = torch::rand({images_per_batch, 3, 32, 32}).contiguous(torch::MemoryFormat::ChannelsLast);
      for (int64_t j = 0; j < images_per_batch; ++j)
        batch.rows.push_back(static_cast<size_t>(i * images_per_batch + j));
      for (int64_t k = 0; k < 2; ++k) {
        const bool any = k == 0 || i % 3 != 2;
        batch.targets.push_back(torch::randint(2, {images_per_batch}, torch::kLong));
        batch.labelled.push_back(torch::full({images_per_batch}, any));
        batch.any_labelled.push_back(any);
      }
      all_.push_back(batch);
    }
  }
  int64_t batches() const override { return static_cast<int64_t>(all_.size()); }
  void start_epoch(int64_t, int64_t first) override { next_ = static_cast<size_t>(first); }
  std::optional<Batch> next() override {
    if (next_ == all_.size()) return {};
    return all_[next_++];
  }
  double waited_seconds() const override { return 0; }
  const std::vector<Batch>& all() const { return all_; }
  std::vector<Batch>& all() { return all_; }

 private:
  std::vector<Batch> all_;
  size_t next_ = 0;
};

class FixedWeights : public LossWeighting {
 public:
  std::vector<double> weights(const WeightingStep&) override { return {1, 0.5}; }
};

class Silent : public TrainingObserver {
 public:
  void epoch_started(int64_t, int64_t, int64_t) override {}
  void batch_done(int64_t, const std::function<double()>&) override {}
  void epoch_done(const EpochResult&, const std::vector<NamedTensor>&) override {}
  void epoch_unfinished(int64_t, const std::vector<NamedTensor>&) override {}
  void step_skipped(const std::string&) override {}
  void batch_halved(int64_t) override {}
  void save(const TrainingState&) override {}
  bool stop_requested() const override { return false; }
};

inline MultiTaskModel with_two_heads(const std::shared_ptr<Backbone>& backbone, const host::PluginRegistry& registry) {
  std::vector<GuardedHead> heads;
  for (const char* task : {"C", "B"})
    heads.emplace_back(
        task, registry.make_head({*task == 'C' ? "region" : "defect_normal", "test", {}}, task, backbone->shape()));
  return {backbone, heads};
}

inline MultiTaskModel make_model(const std::string& kernels) {
  torch::manual_seed(3);
  const host::PluginRegistry registry({MTL_TEST_PLUGIN_DIR});
  return with_two_heads(registry.make_backbone({"efficientnet_b0", "test", {{"kernels", kernels, "test"}}}), registry);
}

inline TrainingParts two_tasks(MultiTaskModel& model, LossWeighting& weighting, BatchSource& train,
                               BatchSource& validation, const std::string& normalize = "none",
                               const std::string& over = "backbone") {
  return {model,
          {{"C", "region", true}, {"B", "defect_normal", false}},
          {weighting, "test", normalize, over, {1, 0.5}},
          train,
          validation,
          {},
          torch::kCPU,
          seed,
          name_of_image};
}

/// Tests run side by side: more threads than processors would wait for each other.
class OneThread {
 public:
  OneThread() : before_(at::get_num_threads()) { at::set_num_threads(1); }
  OneThread(const OneThread&) = delete;
  OneThread& operator=(const OneThread&) = delete;
  ~OneThread() { at::set_num_threads(before_); }

 private:
  int before_;
};

}  // namespace mtl::test
