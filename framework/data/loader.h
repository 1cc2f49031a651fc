#pragma once

#include <condition_variable>
#include <cstdint>
#include <exception>
#include <map>
#include <mutex>
#include <optional>
#include <vector>

#include "framework/config/run_config.h"
#include "framework/data/batch.h"
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
};

/// Makes a split's batches on the pool's threads (in next() where it has none), in an order and with changes that
/// depend on the seed, the epoch and the sample alone: any number of threads gives the same bits. The last batch may be
/// short; in training one of a single image is left to the batch before it, since batch-norm cannot learn from one.
class Loader {
 public:
  Loader(PixelCache& pixels, const std::vector<TaskLabels>& labels, LoaderSettings settings, WorkerPool& pool);
  Loader(const Loader&) = delete;
  Loader& operator=(const Loader&) = delete;
  ~Loader();

  int64_t batches() const { return static_cast<int64_t>(starts_.size()) - 1; }
  void start_epoch(int64_t epoch);
  /// The next batch, or nothing at the epoch's end. Throws what making it threw.
  std::optional<Batch> next();
  double waited_seconds() const { return waited_seconds_; }  ///< in next(), this epoch

 private:
  Batch make(size_t index) const;
  void fill_pixels(size_t row, float* to, AugmentationSet& applied) const;
  void request();
  void produce(size_t index);
  void stop();

  PixelCache& pixels_;
  const std::vector<TaskLabels>& labels_;
  LoaderSettings settings_;
  WorkerPool& pool_;
  std::vector<size_t> order_;   // rows of this epoch
  std::vector<size_t> starts_;  // batch i is order_[starts_[i] .. starts_[i+1])
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
