#include "framework/decide/temperature.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "mtl/error.h"

namespace mtl {
namespace {

constexpr size_t fewest_images = 20;
constexpr double smallest_probability = 1e-300;

/// log p of every class of one image, and which is true.
struct LogAnswer {
  std::vector<double> log_probabilities;
  size_t truth;
};

/// Of the mean negative log-likelihood at one inverse temperature b: log sum_k p_k^b - b log p_truth.
struct LossAt {
  double value = 0, slope = 0, curvature = 0;
};

void add(LossAt& sum, const LogAnswer& answer, double b) {
  const std::vector<double>& logs = answer.log_probabilities;
  const double largest = *std::max_element(logs.begin(), logs.end());
  double total = 0, mean = 0, square = 0;
  for (const double log : logs) {
    const double share = std::exp(b * (log - largest)), distance = log - largest;
    total += share;
    mean += share * distance;
    square += share * distance * distance;
  }
  mean /= total;
  const double truth = logs[answer.truth] - largest;
  sum.value += std::log(total) - b * truth;
  sum.slope += mean - truth;
  sum.curvature += std::max(0.0, square / total - mean * mean);
}

LossAt loss_at(const std::vector<LogAnswer>& answers, double b) {
  LossAt sum;
  for (const LogAnswer& answer : answers) add(sum, answer, b);
  const auto count = static_cast<double>(answers.size());
  return {sum.value / count, sum.slope / count, sum.curvature / count};
}

double best_inverse_temperature(const std::vector<LogAnswer>& answers) {
  double low = 1 / highest_temperature, high = 1 / lowest_temperature;
  if (loss_at(answers, low).slope >= 0) return low;
  if (loss_at(answers, high).slope <= 0) return high;
  double b = 1;
  for (int step = 0; step < 200 && high - low > 1e-9 * low; ++step) {
    const LossAt loss = loss_at(answers, b);
    (loss.slope < 0 ? low : high) = b;
    const double next = b - loss.slope / loss.curvature;
    const bool is_inside = next > low && next < high;
    if (is_inside && std::abs(next - b) < 1e-12 * b) return next;
    b = is_inside ? next : (low + high) / 2;
  }
  return b;
}

LogAnswer log_answer(const std::vector<double>& probabilities, size_t truth) {
  if (truth >= probabilities.size())
    throw Error("an image is of class " + std::to_string(truth) + ", but only " + std::to_string(probabilities.size()) +
                " probabilities are stated of it");
  LogAnswer answer{{}, truth};
  for (const double p : probabilities) answer.log_probabilities.push_back(std::log(std::max(p, smallest_probability)));
  return answer;
}

bool is_right(const LogAnswer& answer) {
  const std::vector<double>& logs = answer.log_probabilities;
  return logs[answer.truth] >= *std::max_element(logs.begin(), logs.end());
}

std::string reason_to_keep(const std::vector<LogAnswer>& answers) {
  if (answers.size() < fewest_images) return "fewer than " + std::to_string(fewest_images) + " labelled images";
  const size_t first = answers.front().truth;
  if (std::all_of(answers.begin(), answers.end(), [&](const LogAnswer& answer) { return answer.truth == first; }))
    return "all labelled images are of one class";
  return std::all_of(answers.begin(), answers.end(), is_right) ? "no answer is wrong" : "";
}

}  // namespace

std::vector<double> tempered(const std::vector<double>& probabilities, double temperature) {
  if (!(temperature > 0)) throw Error("a temperature of " + std::to_string(temperature) + " is not above 0");
  if (probabilities.empty() || temperature == 1) return probabilities;
  // Relative to the largest, no power overflows and at least one is 1.
  const double largest = *std::max_element(probabilities.begin(), probabilities.end());
  std::vector<double> result;
  double sum = 0;
  for (const double p : probabilities) {
    result.push_back(p > 0 ? std::exp((std::log(p) - std::log(largest)) / temperature) : std::isnan(p) ? p : 0.0);
    sum += result.back();
  }
  for (double& p : result) p /= sum;
  return result;
}

TemperatureFit fit_temperature(const std::vector<std::vector<double>>& probabilities,
                               const std::vector<size_t>& truths) {
  std::vector<LogAnswer> answers;
  for (size_t i = 0; i < probabilities.size(); ++i) answers.push_back(log_answer(probabilities[i], truths[i]));
  TemperatureFit fit;
  fit.images = answers.size();
  fit.loss_before = fit.loss_after = std::numeric_limits<double>::quiet_NaN();
  fit.kept_because = reason_to_keep(answers);
  if (answers.empty()) return fit;
  fit.loss_before = fit.loss_after = loss_at(answers, 1).value;
  if (!fit.kept_because.empty()) return fit;
  const double b = best_inverse_temperature(answers);
  fit.temperature = std::clamp(1 / b, lowest_temperature, highest_temperature);
  fit.loss_after = loss_at(answers, b).value;
  return fit;
}

}  // namespace mtl
