#include "framework/data/image_source.h"

namespace mtl {

cv::Mat ImageSource::read_reduced(size_t row, const std::function<bool(cv::Size)>& /*suffices*/) const {
  return read(row);
}

}  // namespace mtl
