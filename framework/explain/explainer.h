#pragma once

#include <c10/core/Device.h>

#include <opencv2/core/mat.hpp>
#include <string>
#include <vector>

#include "framework/explain/explanation.h"
#include "framework/model/multi_task_model.h"

namespace mtl {

struct ExplainerSettings {
  std::string method = "grad_cam";  ///< grad_cam | integrated_gradients
  int steps = 32;                   ///< of integrated_gradients
};

/// Explains one task's answers to prepared pictures, a few at a time, so that memory does not grow with their number.
class Explainer {
 public:
  /// The model is moved to the device and put into evaluation mode; it outlives the explainer.
  Explainer(MultiTaskModel& model, ClassScore score, const ExplainerSettings& settings, const at::Device& device);

  /// Pictures as Predictor::prepare() gives them -> an explanation each.
  std::vector<Explanation> explain(const std::vector<cv::Mat>& prepared);

 private:
  std::vector<Explanation> explain_at_once(const std::vector<cv::Mat>& prepared);

  MultiTaskModel& model_;
  ClassScore score_;
  ExplainerSettings settings_;
  at::Device device_;
};

/// How many pictures of this side a gradient is computed for at once: eight of 224 pixels, or as many pixels in larger
/// pictures, at least one picture.
int pictures_at_once(int side);

}  // namespace mtl
