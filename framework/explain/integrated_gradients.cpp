#include "framework/explain/integrated_gradients.h"

#include <torch/types.h>
#include <torch/utils.h>

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "framework/explain/picture_tensor.h"
#include "framework/explain/pointing.h"
#include "framework/explain/score_gradient.h"
#include "mtl/error.h"

namespace mtl {
namespace {

/// The value that a share of all values does not exceed.
float quantile(const cv::Mat& map, double share) {
  std::vector<float> values(map.begin<float>(), map.end<float>());
  const auto place = static_cast<std::ptrdiff_t>(std::ceil(share * static_cast<double>(values.size()))) - 1;
  std::nth_element(values.begin(), values.begin() + place, values.end());
  return values[static_cast<size_t>(place)];
}

/// The scores without gradients. The pixels say that they want them all the same, so that the same kernels compute.
at::Tensor outputs_of(MultiTaskModel& model, const ClassScore& score, const at::Tensor& image) {
  const torch::NoGradGuard no_grad;
  return score.head().forward(model.features(image.detach().requires_grad_(true)));
}

}  // namespace

at::Tensor blurred(const at::Tensor& images) {
  const at::Tensor rows = images.detach().to(at::kCPU, at::kFloat).permute({0, 2, 3, 1}).contiguous().clone();
  const int height = static_cast<int>(rows.size(1)), width = static_cast<int>(rows.size(2));
  for (int64_t i = 0; i < rows.size(0); ++i) {
    cv::Mat picture(height, width, CV_32FC3, rows.data_ptr<float>() + i * rows.stride(0));
    cv::GaussianBlur(picture.clone(), picture, {}, width / 8.0, height / 8.0, cv::BORDER_REFLECT);
  }
  return rows.permute({0, 3, 1, 2}).to(images.options());
}

Attribution integrated_gradients(MultiTaskModel& model, const ClassScore& score, const at::Tensor& image,
                                 const at::Tensor& baseline, const PathSettings& settings) {
  const at::Tensor outputs = outputs_of(model, score, image);
  const ScoreTarget target = score.targets(outputs).front();
  const double end = score.values(outputs, {target}).item<double>();
  const double begin = score.values(outputs_of(model, score, baseline), {target}).item<double>();

  const at::Tensor difference = image - baseline;
  at::Tensor sum = torch::zeros(image.sizes(), image.options().dtype(at::kDouble));
  for (int first = 0; first < settings.steps; first += settings.at_once) {
    const int count = std::min(settings.at_once, settings.steps - first);
    const at::Tensor places = (torch::arange(first, first + count, image.options()) + 0.5) / settings.steps;
    const at::Tensor path = (baseline + places.view({count, 1, 1, 1}) * difference)
                                .contiguous(at::MemoryFormat::ChannelsLast)
                                .requires_grad_(true);
    const at::Tensor scores = score.values(score.head().forward(model.features(path)),
                                           std::vector<ScoreTarget>(static_cast<size_t>(count), target));
    const at::Tensor gradient = score_gradient(scores, path, score.head());
    if (!gradient.defined())
      throw Error(score.head().who() +
                  ": its score passes no gradient on to the picture's pixels, so that it cannot be explained by them; "
                  "the backbone must compute with differentiable operations where its images ask for a gradient");
    sum += gradient.to(at::kDouble).sum(0, /*keepdim=*/true);
  }
  const at::Tensor pixels = (difference.to(at::kDouble) * sum / settings.steps).sum(at::IntArrayRef{0, 1});
  return {target, end, pixels, {pixels.sum().item<double>(), end - begin}};
}

Explanation shown(const Attribution& attribution) {
  const cv::Mat positive = map_picture(attribution.pixels.clamp_min(0));
  cv::Mat smooth, heat;
  cv::GaussianBlur(positive, smooth, {}, positive.cols / 100.0, positive.rows / 100.0, cv::BORDER_REFLECT);
  const float high = quantile(smooth, 0.995);
  if (high > 0)
    cv::min(smooth / high, 1.0, heat);
  else
    heat = smooth;
  return {attribution.target, attribution.score, heat, peak_of(smooth, smooth.size()), attribution.completeness};
}

}  // namespace mtl
