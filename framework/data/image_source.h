#pragma once

#include <opencv2/core/mat.hpp>

namespace mtl {

/// Pixels by row of the SampleTable. Called from several threads at once.
class ImageSource {
 public:
  virtual ~ImageSource() = default;
  /// -> CV_8UC3, RGB, upright. Throws mtl::Error that names the file and what is wrong with it.
  virtual cv::Mat read(size_t row) const = 0;
};

}  // namespace mtl
