#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace mtl {

constexpr double lowest_temperature = 0.05, highest_temperature = 20;

/// probabilities [K] -> p_k^(1/T) / sum: softmax of the logits over T, told in probabilities. A class of probability 0
/// keeps it. T above 1 makes answers less sure, below 1 surer; the most probable class stays. Throws mtl::Error where T
/// is not above 0.
std::vector<double> tempered(const std::vector<double>& probabilities, double temperature);

/// What the labelled images of one task say about its temperature.
struct TemperatureFit {
  double temperature = 1;
  size_t images = 0;
  double loss_before, loss_after;  ///< mean negative log-likelihood, in nats; NaN over no image
  std::string kept_because = {};   ///< why the temperature is 1 and was not fitted; "": it was
};

/// probabilities [N][K], truths [N] in 0..K-1 -> the T in [0.05, 20] of the least negative log-likelihood (Guo et al.,
/// On Calibration of Modern Neural Networks, ICML 2017). The loss is convex in 1/T, so Newton's method on its slope,
/// with bisection where a step leaves the bracket, finds the minimum to 1e-9 of 1/T. T stays 1 where nothing can be
/// said: fewer than 20 images, images of a single class, or no wrong answer at all (then the surer, the better,
/// without end). A probability of 0 of the true class counts as 1e-300. Throws mtl::Error for a truth outside 0..K-1.
TemperatureFit fit_temperature(const std::vector<std::vector<double>>& probabilities,
                               const std::vector<size_t>& truths);

}  // namespace mtl
