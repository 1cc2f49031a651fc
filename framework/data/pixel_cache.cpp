#include "framework/data/pixel_cache.h"

#include <algorithm>

#include "framework/data/fit.h"

namespace mtl {
namespace {

int64_t bytes_of(const cv::Mat& image) { return static_cast<int64_t>(image.total() * image.elemSize()); }

}  // namespace

PixelCache::PixelCache(const ImageSource& source, size_t images, const InputSettings& input,
                       const CacheSettings& settings)
    : source_(source), input_(input), budget_(settings.budget_mb << 20), images_(images) {
  if (settings.folder.empty() || budget_ == 0) return;
  constexpr int64_t boundary = 64;
  file_.emplace(settings.folder, std::min(budget_, static_cast<int64_t>(images) * (most_bytes(input) + boundary)));
}

cv::Mat PixelCache::read(size_t row) {
  {
    const std::lock_guard lock(mutex_);
    if (!images_[row].empty()) return images_[row];
  }
  const auto suffices = [this](cv::Size size) { return only_shrinks(size, input_); };
  cv::Mat image = fit(source_.read_reduced(row, suffices), input_);
  const std::lock_guard lock(mutex_);
  if (!images_[row].empty() || bytes_of(image) > budget_) return image;
  cv::Mat place = place_for(image);
  if (place.empty()) {
    budget_ = 0;  // the disk is full: what is kept stays, the rest is decoded again
    return image;
  }
  image.copyTo(place);
  budget_ -= bytes_of(image);
  ++kept_;
  return images_[row] = place;
}

void PixelCache::close() {
  const std::lock_guard lock(mutex_);
  budget_ = 0;
}

/// An image of the same kind in memory or in the file; none where the file has no room.
cv::Mat PixelCache::place_for(const cv::Mat& image) {
  if (!file_) return {image.size(), image.type()};
  uint8_t* place = file_->take(bytes_of(image));
  return place ? cv::Mat(image.size(), image.type(), place) : cv::Mat();
}

}  // namespace mtl
