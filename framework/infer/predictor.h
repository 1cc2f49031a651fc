#pragma once

#include <c10/core/Device.h>

#include <opencv2/core/mat.hpp>
#include <optional>
#include <string>
#include <vector>

#include "framework/config/run_config.h"
#include "framework/infer/answer.h"
#include "framework/infer/views.h"
#include "framework/model/multi_task_model.h"

namespace mtl {

struct PredictSettings {
  InputSettings input;
  at::Device device = at::kCPU;
  Decisions decisions;                ///< temperatures and the rule that are applied
  std::string precision = "float32";  ///< float32 | bfloat16 | float16, the last on a GPU alone
  bool averages_views = false;        ///< each head's probabilities are means over the views that its labels survive
};

/// A trained model that looks at pictures. They are prepared as a run's evaluation prepares them, so that the answers
/// are the same; how many go through the network at once changes nothing but the speed.
class Predictor {
 public:
  /// The model is moved to the device and put into evaluation mode; it outlives the predictor. Throws mtl::Error where
  /// the device cannot compute in the precision.
  Predictor(MultiTaskModel& model, PredictSettings settings);

  /// Fits a picture of any size (CV_8UC3, RGB) to the network's input: [size, size] pixels. From any thread.
  cv::Mat prepare(const cv::Mat& picture) const;
  /// The results for prepared pictures, in their order. Where memory does not hold all at once they go in two halves,
  /// and so on. Throws what one picture alone throws.
  std::vector<PictureResult> predict(const std::vector<cv::Mat>& prepared);

  const MultiTaskModel& model() const { return model_; }

 private:
  std::vector<PictureResult> predict_at_once(const std::vector<cv::Mat>& prepared);
  at::Tensor tensor_of(const std::vector<cv::Mat>& prepared) const;
  /// Applies the temperatures and the rule.
  void decide_on(PictureResult& result) const;

  MultiTaskModel& model_;
  PredictSettings settings_;
  std::optional<at::ScalarType> autocast_;
  std::vector<std::vector<View>> views_;  // per task; the picture as it is first
  std::vector<View> all_views_;           // that some task wants; the picture as it is first
  size_t most_at_once_;                   // that memory has been found to hold
};

}  // namespace mtl
