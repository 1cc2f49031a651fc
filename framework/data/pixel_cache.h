#pragma once

#include <atomic>
#include <mutex>
#include <opencv2/core/mat.hpp>
#include <vector>

#include "framework/config/run_config.h"
#include "framework/data/image_source.h"

namespace mtl {

/// Images fitted to the network's input, decoded once and kept while they fit the budget. Safe for several threads.
class PixelCache {
 public:
  PixelCache(const ImageSource& source, size_t images, const InputSettings& input, int64_t budget_mb);
  /// CV_8UC3 RGB; not to be written to.
  cv::Mat read(size_t row);
  size_t kept() const { return kept_; }

 private:
  const ImageSource& source_;
  InputSettings input_;
  int64_t budget_;
  std::mutex mutex_;
  std::vector<cv::Mat> images_;
  std::atomic<size_t> kept_{0};
};

}  // namespace mtl
