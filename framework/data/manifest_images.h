#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "framework/data/image_source.h"

namespace mtl {

/// The files of a manifest, as read_image_file() gives them.
class ManifestImages : public ImageSource {
 public:
  ManifestImages(std::filesystem::path folder, std::vector<std::string> images, int64_t max_pixels);
  cv::Mat read(size_t row) const override;
  cv::Mat read_reduced(size_t row, const std::function<bool(cv::Size)>& suffices) const override;

 private:
  std::filesystem::path folder_;
  std::vector<std::string> images_;
  int64_t max_pixels_;
};

}  // namespace mtl
