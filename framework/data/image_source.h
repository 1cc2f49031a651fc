#pragma once

#include <functional>
#include <opencv2/core/mat.hpp>

namespace mtl {

/// Pixels by row of the SampleTable. Called from several threads at once.
class ImageSource {
 public:
  virtual ~ImageSource() = default;
  /// -> CV_8UC3, RGB, upright. Throws mtl::Error that names the file and what is wrong with it.
  virtual cv::Mat read(size_t row) const = 0;
  /// As read(), or at 1/2, 1/4 or 1/8 of the size (rounded up) where that is cheaper to decode and `suffices`.
  virtual cv::Mat read_reduced(size_t row, const std::function<bool(cv::Size)>& suffices) const;
};

}  // namespace mtl
