#include "framework/infer/predictor.h"

#include <torch/types.h>
#include <torch/utils.h>

#include <algorithm>
#include <limits>

#include "framework/data/fit.h"
#include "framework/data/normalize.h"
#include "plugins/host/failure.h"

namespace mtl {

Predictor::Predictor(MultiTaskModel& model, const InputSettings& input, const at::Device& device)
    : model_(model), input_(input), device_(device), most_at_once_(std::numeric_limits<size_t>::max()) {
  model.to(device);
  model.train(false);
}

cv::Mat Predictor::prepare(const cv::Mat& picture) const {
  return center_crop(fit(picture, input_), static_cast<int>(input_.size));
}

std::vector<Answers> Predictor::predict(const std::vector<cv::Mat>& prepared) {
  std::vector<Answers> all;
  for (size_t begin = 0; begin < prepared.size();) {
    const size_t count = std::min(most_at_once_, prepared.size() - begin);
    const auto first = prepared.begin() + static_cast<std::ptrdiff_t>(begin);
    try {
      for (Answers& answers : predict_at_once({first, first + static_cast<std::ptrdiff_t>(count)}))
        all.push_back(std::move(answers));
      begin += count;
    } catch (const std::exception& failure) {
      if (count == 1 || !host::is_out_of_memory(failure)) throw;
      most_at_once_ = count / 2;
    }
  }
  return all;
}

std::vector<Answers> Predictor::predict_at_once(const std::vector<cv::Mat>& prepared) {
  const torch::NoGradGuard no_grad;
  const std::vector<at::Tensor> outputs = model_.forward(tensor_of(prepared).to(device_));
  std::vector<Answers> answers(prepared.size());
  for (size_t k = 0; k < outputs.size(); ++k) {
    const std::vector<Prediction> predictions = model_.heads()[k].predict(outputs[k].to(at::kCPU));
    for (size_t i = 0; i < answers.size(); ++i) answers[i].push_back(predictions[i]);
  }
  return answers;
}

/// [N,3,size,size], channels-last.
at::Tensor Predictor::tensor_of(const std::vector<cv::Mat>& prepared) const {
  const int64_t count = static_cast<int64_t>(prepared.size()), size = input_.size, floats = size * size * 3;
  const at::Tensor pixels = torch::empty({count, size, size, 3});
  for (int64_t i = 0; i < count; ++i)
    normalize(prepared[static_cast<size_t>(i)], model_.backbone().normalization(),
              pixels.data_ptr<float>() + i * floats);
  return pixels.permute({0, 3, 1, 2});
}

}  // namespace mtl
