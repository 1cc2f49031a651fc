#include "framework/data/normalize.h"

#include <doctest/doctest.h>

#include <vector>

#include "tests/framework/data/pictures.h"

TEST_CASE("every value is (v / 255 - mean) / deviation of its channel, at any width, also of a part of a picture") {
  mtl::Normalization norm;
  norm.mean = {0.5F, 0.4F, 0.3F};
  norm.deviation = {0.25F, 0.2F, 0.1F};
  const cv::Mat picture = mtl::test::gradient(80, 9);
  for (const int width : {1, 5, 15, 16, 17, 32, 47, 64}) {
    CAPTURE(width);
    const cv::Mat part = picture(cv::Rect(3, 2, width, 6));
    std::vector<float> values(static_cast<size_t>(width) * 6 * 3 + 1, -1000);
    mtl::normalize(part, norm, values.data());
    double largest = 0;
    for (int y = 0; y < 6; ++y)
      for (int x = 0; x < width; ++x)
        for (int c = 0; c < 3; ++c) {
          const auto channel = static_cast<size_t>(c);
          const double expected = (part.at<cv::Vec3b>(y, x)[c] / 255.0 - static_cast<double>(norm.mean[channel])) /
                                  static_cast<double>(norm.deviation[channel]);
          const double found = values[static_cast<size_t>((y * width + x) * 3 + c)];
          largest = std::max(largest, std::abs(found - expected));
        }
    CHECK(largest < 2e-6);
    CHECK(values.back() == -1000);
  }
}
