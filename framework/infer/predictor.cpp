#include "framework/infer/predictor.h"

#include <torch/types.h>
#include <torch/utils.h>

#include <algorithm>
#include <limits>

#include "framework/data/fit.h"
#include "framework/data/normalize.h"
#include "framework/model/autocast.h"
#include "plugins/host/failure.h"

namespace mtl {
namespace {

void add(std::vector<std::vector<double>>& sums, const std::vector<std::vector<double>>& probabilities) {
  if (sums.empty()) sums.resize(probabilities.size());
  for (size_t i = 0; i < sums.size(); ++i) {
    sums[i].resize(probabilities[i].size());
    for (size_t c = 0; c < sums[i].size(); ++c) sums[i][c] += probabilities[i][c];
  }
}

/// What a head said about a picture as it is, and the sums of its probabilities over `views` views, if it states any.
Answer answer_from(Prediction as_it_is, std::vector<double> sums, size_t views, const ClassList& classes) {
  if (views == 1 || sums.empty()) return {std::move(as_it_is), std::move(sums)};
  for (double& probability : sums) probability /= static_cast<double>(views);
  const auto best = static_cast<size_t>(std::max_element(sums.begin(), sums.end()) - sums.begin());
  return {{classes.names[best], sums[best]}, std::move(sums)};
}

bool has(const std::vector<View>& views, const View& view) {
  return std::find(views.begin(), views.end(), view) != views.end();
}

}  // namespace

Predictor::Predictor(MultiTaskModel& model, PredictSettings settings)
    : model_(model),
      settings_(std::move(settings)),
      autocast_(autocast_type(settings_.precision, settings_.device)),
      most_at_once_(std::numeric_limits<size_t>::max()) {
  model.to(settings_.device);
  model.train(false);
  for (const GuardedHead& head : model.heads()) {
    views_.push_back(settings_.averages_views ? views_of(head) : std::vector<View>{as_it_is});
    for (const View& view : views_.back())
      if (!has(all_views_, view)) all_views_.push_back(view);
  }
}

cv::Mat Predictor::prepare(const cv::Mat& picture) const {
  return center_crop(fit(picture, settings_.input), static_cast<int>(settings_.input.size));
}

std::vector<PictureResult> Predictor::predict(const std::vector<cv::Mat>& prepared) {
  std::vector<PictureResult> all;
  for (size_t begin = 0; begin < prepared.size();) {
    const size_t count = std::min(most_at_once_, prepared.size() - begin);
    const auto first = prepared.begin() + static_cast<std::ptrdiff_t>(begin);
    try {
      for (PictureResult& result : predict_at_once({first, first + static_cast<std::ptrdiff_t>(count)}))
        all.push_back(std::move(result));
      begin += count;
    } catch (const std::exception& failure) {
      if (count == 1 || !host::is_out_of_memory(failure)) throw;
      most_at_once_ = count / 2;
    }
  }
  return all;
}

std::vector<PictureResult> Predictor::predict_at_once(const std::vector<cv::Mat>& prepared) {
  const torch::NoGradGuard no_grad;
  const AutocastScope autocast(settings_.device, autocast_);
  const std::vector<GuardedHead>& heads = model_.heads();
  const at::Tensor images = tensor_of(prepared).to(settings_.device);
  std::vector<std::vector<Prediction>> predictions(heads.size());
  std::vector<std::vector<std::vector<double>>> sums(heads.size());
  for (const View& view : all_views_) {
    const std::vector<at::Tensor> outputs = model_.forward(seen_as(images, view));
    for (size_t k = 0; k < heads.size(); ++k) {
      if (!has(views_[k], view)) continue;
      const at::Tensor own = outputs[k].to(at::kCPU);
      if (view == as_it_is) predictions[k] = heads[k].predict(own);
      add(sums[k], heads[k].probability_rows(own));
    }
  }
  std::vector<PictureResult> results(prepared.size());
  for (size_t i = 0; i < results.size(); ++i) {
    for (size_t k = 0; k < heads.size(); ++k)
      results[i].tasks.push_back(
          answer_from(std::move(predictions[k][i]), std::move(sums[k][i]), views_[k].size(), heads[k].classes()));
    decide_on(results[i]);
  }
  return results;
}

void Predictor::decide_on(PictureResult& result) const {
  for (size_t k = 0; k < result.tasks.size(); ++k) {
    const std::string& task = model_.heads()[k].task();
    Answer& answer = result.tasks[k];
    const auto temperature = settings_.decisions.temperatures.find(task);
    if (temperature != settings_.decisions.temperatures.end() && !answer.probabilities.empty()) {
      answer.probabilities = tempered(answer.probabilities, temperature->second);
      answer.prediction.probability = *std::max_element(answer.probabilities.begin(), answer.probabilities.end());
    }
    if (settings_.decisions.rule && settings_.decisions.rule->task == task)
      result.decision = decide(*settings_.decisions.rule, answer.probabilities);
  }
}

/// [N,3,size,size], channels-last.
at::Tensor Predictor::tensor_of(const std::vector<cv::Mat>& prepared) const {
  const int64_t count = static_cast<int64_t>(prepared.size()), size = settings_.input.size, floats = size * size * 3;
  const at::Tensor pixels = torch::empty({count, size, size, 3});
  for (int64_t i = 0; i < count; ++i)
    normalize(prepared[static_cast<size_t>(i)], model_.backbone().normalization(),
              pixels.data_ptr<float>() + i * floats);
  return pixels.permute({0, 3, 1, 2});
}

}  // namespace mtl
