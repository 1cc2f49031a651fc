#include "framework/data/manifest_images.h"

#include <utility>

#include "framework/data/image_file.h"

namespace mtl {

ManifestImages::ManifestImages(std::filesystem::path folder, std::vector<std::string> images, int64_t max_pixels)
    : folder_(std::move(folder)), images_(std::move(images)), max_pixels_(max_pixels) {}

cv::Mat ManifestImages::read(size_t row) const {
  return read_reduced(row, [](cv::Size) { return false; });
}

cv::Mat ManifestImages::read_reduced(size_t row, const std::function<bool(cv::Size)>& suffices) const {
  return read_image_file(folder_ / images_.at(row), max_pixels_, suffices);
}

}  // namespace mtl
