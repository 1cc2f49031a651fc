#pragma once

#include <cstdint>
#include <opencv2/core/mat.hpp>

namespace mtl {

/// Adds to every value of a CV_8UC3 image its own nearly normal draw of mean 0 and of `deviation` as a share of 255.
/// The draws depend on the seed alone.
void add_noise(cv::Mat& image, double deviation, uint64_t seed);

}  // namespace mtl
