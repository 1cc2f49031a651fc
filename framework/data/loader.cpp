#include "framework/data/loader.h"

#include <torch/types.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "framework/data/augment.h"
#include "framework/data/fit.h"
#include "framework/data/normalize.h"
#include "framework/support/random.h"
#include "framework/support/thread_priority.h"

namespace mtl {

Loader::Loader(PixelCache& pixels, const std::vector<TaskLabels>& labels, LoaderSettings settings)
    : pixels_(pixels), labels_(labels), settings_(std::move(settings)) {
  const auto batch = static_cast<size_t>(settings_.batch_size), count = settings_.rows.size();
  for (size_t start = 0; start < count; start += batch) starts_.push_back(start);
  const bool single = !starts_.empty() && count - starts_.back() == 1;
  if (settings_.augment && single && starts_.size() > 1) starts_.pop_back();
  starts_.push_back(count);
}

Loader::~Loader() { stop(); }

void Loader::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  for (std::thread& worker : workers_) worker.join();
  workers_.clear();
}

void Loader::start_epoch(int64_t epoch) {
  stop();
  epoch_ = epoch;
  order_ = settings_.rows;
  if (settings_.augment)
    Generator(derive_seed(settings_.seed, "order", {static_cast<uint64_t>(epoch)})).shuffle(order_);
  delivered_ = claimed_ = 0;
  waited_seconds_ = 0;
  ready_.clear();
  failures_.clear();
  stopping_ = false;
  for (int64_t i = 0; i < settings_.threads; ++i)
    workers_.emplace_back([this] {
      give_way_to_computing();
      work();
    });
}

void Loader::work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    const auto may_claim = [this] { return claimed_ < delivered_ + static_cast<size_t>(settings_.prefetch); };
    changed_.wait(lock, [&] { return stopping_ || claimed_ + 1 >= starts_.size() || may_claim(); });
    if (stopping_ || claimed_ + 1 >= starts_.size()) return;
    const size_t index = claimed_++;
    lock.unlock();
    std::optional<Batch> batch;
    std::exception_ptr failure;
    try {
      batch = make(index);
    } catch (...) {
      failure = std::current_exception();
    }
    lock.lock();
    if (batch)
      ready_.emplace(index, std::move(*batch));
    else
      failures_[index] = failure;
    changed_.notify_all();
  }
}

std::optional<Batch> Loader::next() {
  if (delivered_ + 1 >= starts_.size()) return {};
  const auto start = std::chrono::steady_clock::now();
  Batch batch;
  if (workers_.empty()) {
    batch = make(delivered_++);
  } else {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return ready_.count(delivered_) || failures_.count(delivered_); });
    if (const auto failure = failures_.find(delivered_); failure != failures_.end())
      std::rethrow_exception(failure->second);
    batch = std::move(ready_.extract(delivered_++).mapped());
    changed_.notify_all();
  }
  waited_seconds_ += std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return batch;
}

Batch Loader::make(size_t index) const {
  Batch batch;
  batch.rows.assign(order_.begin() + static_cast<std::ptrdiff_t>(starts_[index]),
                    order_.begin() + static_cast<std::ptrdiff_t>(starts_[index + 1]));
  const auto count = static_cast<int64_t>(batch.rows.size());
  const at::Tensor pixels = torch::empty({count, settings_.size, settings_.size, 3});
  const int64_t image_floats = settings_.size * settings_.size * 3;
  std::vector<AugmentationSet> applied(batch.rows.size(), 0);
  for (size_t i = 0; i < batch.rows.size(); ++i)
    fill_pixels(batch.rows[i], pixels.data_ptr<float>() + static_cast<int64_t>(i) * image_floats, applied[i]);
  batch.images = pixels.permute({0, 3, 1, 2});  // channels-last without moving a byte

  const at::Tensor rows = torch::tensor(std::vector<int64_t>(batch.rows.begin(), batch.rows.end()));
  for (const TaskLabels& labels : labels_) {
    at::Tensor labelled = labels.labelled.index_select(0, rows);
    for (size_t i = 0; i < applied.size(); ++i)
      if (applied[i] & labels.mask) labelled[static_cast<int64_t>(i)] = false;
    batch.any_labelled.push_back(labelled.any().item<bool>());
    batch.labelled.push_back(std::move(labelled));
    batch.targets.push_back(labels.targets.index_select(0, rows));
  }
  return batch;
}

void Loader::fill_pixels(size_t row, float* to, AugmentationSet& applied) const {
  const auto size = static_cast<int>(settings_.size);
  cv::Mat image = pixels_.read(row);
  if (settings_.augment) {
    const Generator generator(derive_seed(settings_.seed, "augment", {static_cast<uint64_t>(epoch_), row}));
    Augmented augmented = augment(image, *settings_.augment, size, generator);
    image = augmented.image;
    applied = augmented.applied;
  } else {
    image = center_crop(image, size);
  }
  normalize(image, settings_.normalization, to);
}

}  // namespace mtl
