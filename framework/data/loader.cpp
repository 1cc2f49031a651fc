#include "framework/data/loader.h"

#include <torch/types.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "framework/data/augment.h"
#include "framework/data/fit.h"
#include "framework/data/mix.h"
#include "framework/data/normalize.h"
#include "framework/support/random.h"
#include "mtl/error.h"

namespace mtl {

Loader::Loader(PixelCache& pixels, const std::vector<TaskLabels>& labels, LoaderSettings settings, WorkerPool& pool)
    : pixels_(pixels),
      labels_(labels),
      settings_(std::move(settings)),
      pool_(pool),
      order_(settings_.rows, settings_.batch_size, settings_.augment.has_value(), settings_.seed) {}

Loader::~Loader() { stop(); }

/// Waits for the batches that are being made; those that are not yet begun are not made any more.
void Loader::stop() {
  std::unique_lock lock(mutex_);
  stopping_ = true;
  changed_.wait(lock, [this] { return in_flight_ == 0; });
  stopping_ = false;
  ready_.clear();
  failures_.clear();
}

void Loader::start_epoch(int64_t epoch, int64_t first) {
  stop();
  epoch_ = epoch;
  order_.start_epoch(epoch);
  requested_ = delivered_ = static_cast<size_t>(first);
  waited_seconds_ = 0;
  request();
}

/// Has the pool make batches until `prefetch` of them wait or are under way.
void Loader::request() {
  if (pool_.threads() == 0) return;
  const size_t most = std::min(order_.batches(), delivered_ + static_cast<size_t>(settings_.prefetch));
  for (; requested_ < most; ++requested_) {
    {
      const std::lock_guard lock(mutex_);
      ++in_flight_;
    }
    pool_.add([this, index = requested_] { produce(index); });
  }
}

void Loader::produce(size_t index) {
  std::unique_lock lock(mutex_);
  if (!stopping_) {
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
  }
  --in_flight_;
  changed_.notify_all();  // with the lock held: once it is free, the loader may be gone
}

std::optional<Batch> Loader::next() {
  if (delivered_ >= order_.batches()) return {};
  const auto start = std::chrono::steady_clock::now();
  Batch batch;
  if (pool_.threads() == 0) {
    batch = make(delivered_++);
  } else {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return ready_.count(delivered_) || failures_.count(delivered_); });
    if (const auto failure = failures_.find(delivered_); failure != failures_.end())
      std::rethrow_exception(failure->second);
    batch = std::move(ready_.extract(delivered_++).mapped());
  }
  request();
  waited_seconds_ += std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return batch;
}

Batch Loader::make(size_t index) const {
  Batch batch;
  batch.rows = order_.rows_of(index);
  const auto count = static_cast<int64_t>(batch.rows.size());
  const at::Tensor pixels = torch::empty({count, settings_.size, settings_.size, 3});
  const int64_t image_floats = settings_.size * settings_.size * 3;
  std::vector<AugmentationSet> applied(batch.rows.size(), 0);
  batch.readable.assign(batch.rows.size(), true);
  for (size_t i = 0; i < batch.rows.size(); ++i)
    batch.readable[i] =
        fill_pixels(batch.rows[i], pixels.data_ptr<float>() + static_cast<int64_t>(i) * image_floats, applied[i]);
  if (std::all_of(batch.readable.begin(), batch.readable.end(), [](bool readable) { return readable; }))
    batch.readable.clear();
  else
    fill_gaps(batch, pixels.data_ptr<float>());
  if (settings_.augment) {
    const Mix mix = mix_batch(
        pixels.data_ptr<float>(), count, settings_.size, *settings_.augment,
        Generator(derive_seed(settings_.seed, "mix", {static_cast<uint64_t>(epoch_), static_cast<uint64_t>(index)})));
    batch.own_share = mix.own_share;
    for (AugmentationSet& set : applied) set |= mix.applied;
  }
  batch.images = pixels.permute({0, 3, 1, 2});  // channels-last without moving a byte

  const at::Tensor rows = torch::tensor(std::vector<int64_t>(batch.rows.begin(), batch.rows.end()));
  for (const TaskLabels& labels : labels_) {
    at::Tensor labelled = labels.labelled.index_select(0, rows);
    for (size_t i = 0; i < applied.size(); ++i)
      if ((applied[i] & labels.mask) || !(batch.readable.empty() || batch.readable[i]))
        labelled[static_cast<int64_t>(i)] = false;
    batch.any_labelled.push_back(labelled.any().item<bool>());
    batch.labelled.push_back(std::move(labelled));
    batch.targets.push_back(labels.targets.index_select(0, rows));
  }
  return batch;
}

/// Batch-norm sees all of a batch: where an image is missing, the next one that is there is seen twice. Where none is,
/// all are black.
void Loader::fill_gaps(Batch& batch, float* pixels) const {
  const size_t count = batch.rows.size();
  const auto image_floats = static_cast<size_t>(settings_.size * settings_.size * 3);
  for (size_t i = 0; i < count; ++i) {
    if (batch.readable[i]) continue;
    size_t other = i;
    for (size_t step = 1; step < count && !batch.readable[other]; ++step) other = (i + step) % count;
    float* const to = pixels + i * image_floats;
    if (batch.readable[other])
      std::copy_n(pixels + other * image_floats, image_floats, to);
    else
      std::fill_n(to, image_floats, 0.0F);
  }
}

/// False where the image cannot be read and that is to be borne.
bool Loader::fill_pixels(size_t row, float* to, AugmentationSet& applied) const {
  const auto size = static_cast<int>(settings_.size);
  cv::Mat image;
  try {
    image = pixels_.read(row);
  } catch (const Error& error) {
    if (!settings_.bad_images) throw;
    settings_.bad_images->add(row, error.what());
    return false;
  }
  if (settings_.augment) {
    const Generator generator(derive_seed(settings_.seed, "augment", {static_cast<uint64_t>(epoch_), row}));
    Augmented augmented = augment(image, *settings_.augment, size, generator);
    image = augmented.image;
    applied = augmented.applied;
  } else {
    image = center_crop(image, size);
  }
  normalize(image, settings_.normalization, to);
  return true;
}

}  // namespace mtl
