#pragma once

#include <atomic>
#include <filesystem>
#include <mutex>
#include <opencv2/core/mat.hpp>
#include <optional>
#include <vector>

#include "framework/config/run_config.h"
#include "framework/data/image_source.h"
#include "framework/support/mapped_file.h"

namespace mtl {

struct CacheSettings {
  int64_t budget_mb;             ///< 0: nothing is kept
  std::filesystem::path folder;  ///< of the file that keeps the pixels; empty: memory does
};

/// Images fitted to the network's input, decoded once and kept while they fit the budget and the disk. Safe for several
/// threads.
class PixelCache {
 public:
  PixelCache(const ImageSource& source, size_t images, const InputSettings& input, const CacheSettings& settings);
  /// CV_8UC3 RGB; not to be written to, and not to be used for longer than the cache is there.
  cv::Mat read(size_t row);
  /// From here on nothing more is kept: processes that share the file would write over each other.
  void close();
  size_t kept() const { return kept_; }

 private:
  cv::Mat place_for(const cv::Mat& image);

  const ImageSource& source_;
  InputSettings input_;
  int64_t budget_;
  std::mutex mutex_;
  std::optional<MappedFile> file_;
  std::vector<cv::Mat> images_;
  std::atomic<size_t> kept_{0};
};

}  // namespace mtl
