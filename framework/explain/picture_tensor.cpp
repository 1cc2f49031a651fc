#include "framework/explain/picture_tensor.h"

#include <torch/types.h>

#include "framework/data/normalize.h"

namespace mtl {

at::Tensor picture_tensor(const std::vector<cv::Mat>& prepared, const Normalization& normalization) {
  const int64_t count = static_cast<int64_t>(prepared.size());
  const int64_t height = prepared.front().rows, width = prepared.front().cols, floats = height * width * 3;
  const at::Tensor pixels = torch::empty({count, height, width, 3});
  for (int64_t i = 0; i < count; ++i)
    normalize(prepared[static_cast<size_t>(i)], normalization, pixels.data_ptr<float>() + i * floats);
  return pixels.permute({0, 3, 1, 2});
}

cv::Mat map_picture(const at::Tensor& map) {
  const at::Tensor dense = map.detach().to(at::kCPU, at::kFloat).contiguous();
  return cv::Mat(static_cast<int>(dense.size(0)), static_cast<int>(dense.size(1)), CV_32F, dense.data_ptr<float>())
      .clone();
}

}  // namespace mtl
