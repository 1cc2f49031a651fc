#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "framework/data/image_source.h"

namespace mtl {

/// PNG, JPEG, BMP and TIFF files below a folder: 8 or 16 bit (of which the upper 8 are used), grey or colour (alpha is
/// dropped), turned upright as EXIF says. What is no such image, is cut short, is empty or has more than `max_pixels`
/// is refused with a sentence, the last before anything is decoded.
class ManifestImages : public ImageSource {
 public:
  ManifestImages(std::filesystem::path folder, std::vector<std::string> images, int64_t max_pixels);
  cv::Mat read(size_t row) const override;
  /// JPEGs alone are cheaper to decode at a part of their size: the rest of their frequencies is left out.
  cv::Mat read_reduced(size_t row, const std::function<bool(cv::Size)>& suffices) const override;

 private:
  std::filesystem::path folder_;
  std::vector<std::string> images_;
  uint64_t max_pixels_;
};

}  // namespace mtl
