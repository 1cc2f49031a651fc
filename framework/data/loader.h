#pragma once

#include <condition_variable>
#include <cstdint>
#include <exception>
#include <map>
#include <mutex>
#include <optional>
#include <vector>

#include "framework/config/run_config.h"
#include "framework/data/bad_images.h"
#include "framework/data/batch_order.h"
#include "framework/data/batch_source.h"
#include "framework/data/pixel_cache.h"
#include "framework/data/task_labels.h"
#include "framework/support/worker_pool.h"
#include "mtl/backbone.h"

namespace mtl {

struct LoaderSettings {
  std::vector<size_t> rows;  ///< of the sample table
  int64_t batch_size = 32;
  int64_t size = 224;  ///< pixels of a side
  Normalization normalization;
  std::optional<AugmentSettings> augment;  ///< training: shuffled and changed at random; none: in order and as they are
  uint64_t seed = 0;
  int64_t prefetch = 4;  ///< batches that may wait to be taken
  /// Is told of images that cannot be read; another of the batch then stands in for one, without a label. Null: next()
  /// throws.
  BadImages* bad_images = nullptr;
};

/// Makes a split's batches on the pool's threads (in next() where it has none), in an order and with changes that
/// depend on the seed, the epoch and the sample alone: any number of threads gives the same bits.
class Loader : public BatchSource {
 public:
  Loader(PixelCache& pixels, const std::vector<TaskLabels>& labels, LoaderSettings settings, WorkerPool& pool);
  Loader(const Loader&) = delete;
  Loader& operator=(const Loader&) = delete;
  ~Loader() override;

  int64_t batches() const override { return static_cast<int64_t>(order_.batches()); }
  void start_epoch(int64_t epoch, int64_t first) override;
  using BatchSource::start_epoch;
  /// Throws what making the batch threw.
  std::optional<Batch> next() override;
  double waited_seconds() const override { return waited_seconds_; }

 private:
  Batch make(size_t index) const;
  bool fill_pixels(size_t row, float* to, AugmentationSet& applied) const;
  void fill_gaps(Batch& batch, float* pixels) const;
  void request();
  void produce(size_t index);
  void stop();

  PixelCache& pixels_;
  const std::vector<TaskLabels>& labels_;
  LoaderSettings settings_;
  WorkerPool& pool_;
  BatchOrder order_;
  int64_t epoch_ = 0;
  size_t requested_ = 0, delivered_ = 0;
  double waited_seconds_ = 0;

  std::mutex mutex_;  // of what follows
  std::condition_variable changed_;
  std::map<size_t, Batch> ready_;
  std::map<size_t, std::exception_ptr> failures_;
  size_t in_flight_ = 0;  // requested and not yet ready or failed
  bool stopping_ = false;
};

}  // namespace mtl
