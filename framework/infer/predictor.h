#pragma once

#include <c10/core/Device.h>

#include <opencv2/core/mat.hpp>
#include <vector>

#include "framework/config/run_config.h"
#include "framework/model/multi_task_model.h"

namespace mtl {

/// One picture's answers, a prediction per task in the model's order.
using Answers = std::vector<Prediction>;

/// A trained model that looks at pictures. They are prepared as a run's evaluation prepares them, so that the answers
/// are the same; how many go through the network at once changes nothing but the speed.
class Predictor {
 public:
  /// The model is moved to the device and put into evaluation mode; it outlives the predictor.
  Predictor(MultiTaskModel& model, const InputSettings& input, const at::Device& device);

  /// Fits a picture of any size (CV_8UC3, RGB) to the network's input: [size, size] pixels. From any thread.
  cv::Mat prepare(const cv::Mat& picture) const;
  /// The answers to prepared pictures, in their order. Where memory does not hold all at once they go in two halves,
  /// and so on. Throws what one picture alone throws.
  std::vector<Answers> predict(const std::vector<cv::Mat>& prepared);

  const MultiTaskModel& model() const { return model_; }

 private:
  std::vector<Answers> predict_at_once(const std::vector<cv::Mat>& prepared);
  at::Tensor tensor_of(const std::vector<cv::Mat>& prepared) const;

  MultiTaskModel& model_;
  InputSettings input_;
  at::Device device_;
  size_t most_at_once_;  // that memory has been found to hold
};

}  // namespace mtl
