#include "framework/cli/explained_split.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "framework/cli/interrupt.h"
#include "framework/data/fit.h"
#include "framework/metrics/breakdown.h"

namespace mtl {
namespace {

constexpr size_t at_once = 8;

/// The pictures at these places of an evaluation, as the network sees them.
std::vector<cv::Mat> prepared(Subject& subject, const Evaluation& evaluation, const std::vector<size_t>& places) {
  const auto size = static_cast<int>(subject.run.config.input.size);
  std::vector<cv::Mat> pictures;
  for (const size_t place : places)
    pictures.push_back(center_crop(subject.images.pixels->read(evaluation.rows[place]), size).clone());
  return pictures;
}

/// Calls `body` with up to eight places at a time, and stops between them where a signal asked for it.
template <class Body>
void in_batches(const std::vector<size_t>& places, Body&& body) {
  for (size_t begin = 0; begin < places.size() && interrupt_signal() == 0; begin += at_once) {
    const auto first = places.begin() + static_cast<std::ptrdiff_t>(begin);
    const auto count = static_cast<std::ptrdiff_t>(std::min(at_once, places.size() - begin));
    body(std::vector<size_t>(first, first + count));
  }
}

ExplainedPicture explained(const Subject& subject, const Evaluation& evaluation, size_t task, size_t place,
                           const cv::Mat& picture, Explanation explanation, double loss) {
  ExplainedPicture one{subject.images.dataset.table.images[evaluation.rows[place]], subject.tasks[task].name, picture,
                       std::move(explanation)};
  one.truth = evaluation.truths[task][place];
  one.loss = loss;
  return one;
}

/// Per image the negative log-likelihood of its label, in nats, and where the head states no probabilities its loss: a
/// loss in which classes are weighted would bring the rare classes first, however sure the model is. NaN: not labelled.
std::vector<double> label_losses(const Subject& subject, const Evaluation& evaluation, size_t task) {
  const std::vector<std::string>& names = subject.run.model->heads()[task].classes().names;
  std::vector<double> losses = evaluation.losses[task];
  for (size_t i = 0; i < losses.size(); ++i) {
    const auto found = std::find(names.begin(), names.end(), evaluation.truths[task][i]);
    const std::vector<double>& probabilities = evaluation.probabilities[task][i];
    if (found == names.end() || probabilities.empty()) continue;
    constexpr double least = std::numeric_limits<double>::min();
    losses[i] = -std::log(std::max(probabilities[static_cast<size_t>(found - names.begin())], least));
  }
  return losses;
}

std::vector<size_t> highest_losses(const std::vector<double>& losses, size_t most) {
  std::vector<size_t> places;
  for (size_t i = 0; i < losses.size(); ++i)
    if (!std::isnan(losses[i])) places.push_back(i);
  std::stable_sort(places.begin(), places.end(), [&](size_t a, size_t b) { return losses[a] > losses[b]; });
  places.resize(std::min(most, places.size()));
  return places;
}

/// Where an evaluation's contradictions are, with what each task answers there.
std::vector<std::pair<size_t, Contradiction>> contradictions_in(const Subject& subject, const Evaluation& evaluation) {
  std::vector<AnsweredTask> tasks;
  for (size_t k = 0; k < subject.tasks.size(); ++k) {
    tasks.push_back({subject.tasks[k].name, subject.run.model->heads()[k].classes(), evaluation.truths[k], {}});
    for (const Prediction& prediction : evaluation.predictions[k]) tasks.back().predictions.push_back(prediction.label);
  }
  std::vector<std::string> images;
  std::map<std::string, size_t> places;  // a table names no image twice
  for (size_t i = 0; i < evaluation.rows.size(); ++i) {
    images.push_back(subject.images.dataset.table.images[evaluation.rows[i]]);
    places[images.back()] = i;
  }
  std::vector<std::pair<size_t, Contradiction>> found;
  for (Contradiction& one : contradictions_of(tasks, images)) found.emplace_back(places.at(one.image), std::move(one));
  return found;
}

}  // namespace

int64_t explain_highest_losses(Subject& subject, const Evaluation& evaluation, size_t task, size_t most,
                               Explainer& explainer, ExplanationFiles& files) {
  const std::vector<double> losses = label_losses(subject, evaluation, task);
  const std::vector<size_t> all = highest_losses(losses, most);
  in_batches(all, [&](const std::vector<size_t>& places) {
    const std::vector<cv::Mat> pictures = prepared(subject, evaluation, places);
    std::vector<Explanation> explanations = explainer.explain(pictures);
    for (size_t i = 0; i < places.size(); ++i)
      files.add(
          explained(subject, evaluation, task, places[i], pictures[i], std::move(explanations[i]), losses[places[i]]));
  });
  return static_cast<int64_t>(all.size());
}

int64_t explain_contradictions(Subject& subject, const Evaluation& evaluation, const ExplainerSettings& settings,
                               const at::Device& device, ExplanationFiles& files) {
  const auto contradictions = contradictions_in(subject, evaluation);
  std::vector<Explainer> explainers;
  std::vector<std::vector<double>> losses;
  for (const GuardedHead& head : subject.run.model->heads())
    explainers.emplace_back(*subject.run.model, ClassScore(head), settings, device);
  for (size_t k = 0; k < explainers.size(); ++k) losses.push_back(label_losses(subject, evaluation, k));
  for (const auto& [place, contradiction] : contradictions) {
    if (interrupt_signal() != 0) break;
    const std::vector<cv::Mat> picture = prepared(subject, evaluation, {place});
    for (size_t k = 0; k < explainers.size(); ++k)
      if (!contradiction.answers[k].empty())
        files.add(explained(subject, evaluation, k, place, picture.front(), explainers[k].explain(picture).front(),
                            losses[k][place]));
  }
  return static_cast<int64_t>(contradictions.size());
}

}  // namespace mtl
