#pragma once

#include <filesystem>
#include <fstream>
#include <opencv2/imgcodecs.hpp>
#include <string>
#include <vector>

namespace mtl::test {

/// A picture no two pixels of which are alike in all channels.
inline cv::Mat gradient(int width, int height, int type = CV_8UC3) {
  cv::Mat image(height, width, type);
  const int channels = image.channels();
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x)
      for (int c = 0; c < channels; ++c) {
        const int value = (x * 7 + y * 13 + c * 50) % 256;
        if (image.depth() == CV_16U)
          image.ptr<uint16_t>(y)[x * channels + c] = static_cast<uint16_t>(value * 257);
        else
          image.ptr<uint8_t>(y)[x * channels + c] = static_cast<uint8_t>(value);
      }
  return image;
}

inline std::string encoded(const std::string& extension, const cv::Mat& bgr) {
  std::vector<uint8_t> bytes;
  cv::imencode(extension, bgr, bytes);
  return {bytes.begin(), bytes.end()};
}

/// A JPEG with an EXIF block that says how it is turned (1 .. 8).
inline std::string with_orientation(const std::string& jpeg, int orientation) {
  const std::string tiff = std::string("II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0", 18) +
                           std::string(1, static_cast<char>(orientation)) + std::string("\0\0\0\0\0\0\0", 7);
  const std::string block = std::string("Exif\0\0", 6) + tiff;
  const auto length = static_cast<char>(block.size() + 2);
  return jpeg.substr(0, 2) + std::string("\xff\xe1\0", 3) + length + block + jpeg.substr(2);
}

}  // namespace mtl::test
