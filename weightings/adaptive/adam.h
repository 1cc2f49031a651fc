#pragma once

#include <cmath>
#include <string>
#include <utility>
#include <vector>

namespace mtl::weightings {

/// Adam (Kingma and Ba, ICLR 2015; betas 0.9 and 0.999, epsilon 1e-8, L2 weight decay) for a few learned numbers, apart
/// from the model's optimizer and its learning rate.
class Adam {
 public:
  Adam(size_t count, double learning_rate, double weight_decay = 0)
      : rate_(learning_rate), decay_(weight_decay), first_(count, 0.0), second_(count, 0.0) {}

  void step(std::vector<double>& values, std::vector<double> gradient) {
    const double t = ++steps_[0];
    for (size_t i = 0; i < values.size(); ++i) {
      gradient[i] += decay_ * values[i];
      first_[i] += 0.1 * (gradient[i] - first_[i]);
      second_[i] += 0.001 * (gradient[i] * gradient[i] - second_[i]);
      const double mean = first_[i] / (1 - std::pow(0.9, t)), square = second_[i] / (1 - std::pow(0.999, t));
      values[i] -= rate_ * mean / (std::sqrt(square) + 1e-8);
    }
  }

  std::vector<std::pair<std::string, std::vector<double>*>> learned() {
    return {{"adam_first", &first_}, {"adam_second", &second_}, {"adam_steps", &steps_}};
  }

 private:
  double rate_, decay_;
  std::vector<double> first_, second_, steps_{0.0};
};

}  // namespace mtl::weightings
