#include "framework/data/pixel_cache.h"

#include "framework/data/fit.h"

namespace mtl {

PixelCache::PixelCache(const ImageSource& source, size_t images, const InputSettings& input, int64_t budget_mb)
    : source_(source), input_(input), budget_(budget_mb << 20), images_(images) {}

cv::Mat PixelCache::read(size_t row) {
  {
    const std::lock_guard lock(mutex_);
    if (!images_[row].empty()) return images_[row];
  }
  const auto suffices = [this](cv::Size size) { return only_shrinks(size, input_); };
  cv::Mat image = fit(source_.read_reduced(row, suffices), input_);
  const auto bytes = static_cast<int64_t>(image.total() * image.elemSize());
  const std::lock_guard lock(mutex_);
  if (images_[row].empty() && bytes <= budget_) {
    // A crop's rows are spread over the image it was cut from; a copy keeps only what counts.
    images_[row] = image.isContinuous() ? image : image.clone();
    budget_ -= bytes;
    ++kept_;
  }
  return image;
}

}  // namespace mtl
