#include "framework/explain/explainer.h"

#include <algorithm>

#include "framework/explain/grad_cam.h"
#include "framework/explain/integrated_gradients.h"
#include "framework/explain/picture_tensor.h"

namespace mtl {

int pictures_at_once(int side) {
  constexpr int64_t most = 8, most_pixels = most * 224 * 224;
  return static_cast<int>(std::clamp<int64_t>(most_pixels / (static_cast<int64_t>(side) * side), 1, most));
}

Explainer::Explainer(MultiTaskModel& model, ClassScore score, const ExplainerSettings& settings,
                     const at::Device& device)
    : model_(model), score_(std::move(score)), settings_(settings), device_(device) {
  model.to(device);
  model.train(false);
  // A model whose backbone is frozen computes its features without gradients.
  for (at::Tensor& parameter : model.backbone().parameters()) parameter.requires_grad_(true);
}

std::vector<Explanation> Explainer::explain(const std::vector<cv::Mat>& prepared) {
  std::vector<Explanation> all;
  for (size_t begin = 0; begin < prepared.size();) {
    const size_t count =
        std::min(static_cast<size_t>(pictures_at_once(prepared.front().cols)), prepared.size() - begin);
    const auto first = prepared.begin() + static_cast<std::ptrdiff_t>(begin);
    for (Explanation& one : explain_at_once({first, first + static_cast<std::ptrdiff_t>(count)}))
      all.push_back(std::move(one));
    begin += count;
  }
  return all;
}

std::vector<Explanation> Explainer::explain_at_once(const std::vector<cv::Mat>& prepared) {
  const at::Tensor images = picture_tensor(prepared, model_.backbone().normalization());
  if (settings_.method == "grad_cam") return grad_cam(model_, score_, images.to(device_));
  const at::Tensor baselines = blurred(images);
  std::vector<Explanation> explanations;
  for (int64_t i = 0; i < images.size(0); ++i)
    explanations.push_back(shown(integrated_gradients(model_, score_, images.narrow(0, i, 1).to(device_),
                                                      baselines.narrow(0, i, 1).to(device_),
                                                      {settings_.steps, pictures_at_once(prepared.front().cols)})));
  return explanations;
}

}  // namespace mtl
