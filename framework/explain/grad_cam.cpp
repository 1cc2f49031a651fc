#include "framework/explain/grad_cam.h"

#include <torch/types.h>

#include "framework/explain/picture_tensor.h"
#include "framework/explain/pointing.h"
#include "framework/explain/score_gradient.h"
#include "mtl/error.h"

namespace mtl {

std::vector<Explanation> grad_cam(MultiTaskModel& model, const ClassScore& score, const at::Tensor& images) {
  // Pixels that want a gradient make a backbone compute its pooled features from its map in the graph, where it may
  // else have kernels that give both at once.
  const at::Tensor pixels = images.detach().requires_grad_(true);
  const Features features = model.features(pixels);
  const at::Tensor outputs = score.head().forward(features);
  const std::vector<ScoreTarget> targets = score.targets(outputs);
  const at::Tensor scores = score.values(outputs, targets);
  const at::Tensor gradient = score_gradient(scores, features.map, score.head());
  if (!gradient.defined())
    throw Error(score.head().who() +
                ": its score does not depend on the backbone's feature map, which Grad-CAM explains; "
                "use --method integrated_gradients, which looks at the pixels alone");
  const at::Tensor weights = gradient.to(at::kDouble).mean({2, 3}, /*keepdim=*/true);
  const at::Tensor heat = (weights * features.map.detach().to(at::kDouble)).sum(1).relu();
  const cv::Size picture(static_cast<int>(images.size(3)), static_cast<int>(images.size(2)));
  std::vector<Explanation> explanations;
  for (int64_t i = 0; i < images.size(0); ++i) {
    const double largest = heat[i].max().item<double>();
    const cv::Mat map = map_picture(largest > 0 ? heat[i] / largest : heat[i]);
    explanations.push_back({targets[static_cast<size_t>(i)], scores[i].item<double>(), map, peak_of(map, picture)});
  }
  return explanations;
}

}  // namespace mtl
