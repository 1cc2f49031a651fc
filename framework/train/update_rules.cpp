#include "framework/train/update_rules.h"

#include <cmath>

// Plain loops: they wait for memory, whatever the instruction set. The pointers of one call never overlap.
namespace mtl::update_rules {

void sgd(const OptimizerSettings& settings, const Rates& rates, int64_t count, const float* __restrict g,
         float* __restrict p, float* __restrict v) {
  const auto rate = static_cast<float>(rates.learning_rate);
  const auto decay = static_cast<float>(rates.weight_decay);
  const auto momentum = static_cast<float>(settings.momentum);
  if (!v) {
    for (int64_t i = 0; i < count; ++i) p[i] -= rate * (g[i] + decay * p[i]);
    return;
  }
  const float of_gradient = settings.nesterov ? 1.F : 0.F;
  const float of_velocity = settings.nesterov ? momentum : 1.F;
  for (int64_t i = 0; i < count; ++i) {
    const float gradient = g[i] + decay * p[i];
    v[i] = momentum * v[i] + gradient;
    p[i] -= rate * (of_gradient * gradient + of_velocity * v[i]);
  }
}

void adam(const OptimizerSettings& settings, const Rates& rates, bool decoupled, int64_t count,
          const float* __restrict g, float* __restrict p, float* __restrict mean, float* __restrict square) {
  const auto step = static_cast<double>(rates.step);
  const auto rate = static_cast<float>(rates.learning_rate / (1 - std::pow(settings.beta1, step)));
  const auto root_correction = static_cast<float>(std::sqrt(1 - std::pow(settings.beta2, step)));
  const auto kept = static_cast<float>(decoupled ? 1 - rates.learning_rate * rates.weight_decay : 1);
  const auto decay = static_cast<float>(decoupled ? 0 : rates.weight_decay);
  const auto beta1 = static_cast<float>(settings.beta1);
  const auto beta2 = static_cast<float>(settings.beta2);
  const auto rest1 = static_cast<float>(1 - settings.beta1);
  const auto rest2 = static_cast<float>(1 - settings.beta2);
  const auto epsilon = static_cast<float>(settings.epsilon);
  for (int64_t i = 0; i < count; ++i) {
    const float gradient = g[i] + decay * p[i];
    mean[i] = beta1 * mean[i] + rest1 * gradient;
    square[i] = beta2 * square[i] + rest2 * gradient * gradient;
    p[i] = p[i] * kept - rate * mean[i] / (std::sqrt(square[i]) / root_correction + epsilon);
  }
}

void rmsprop(const OptimizerSettings& settings, const Rates& rates, int64_t count, const float* __restrict g,
             float* __restrict p, float* __restrict square, float* __restrict v) {
  const auto rate = static_cast<float>(rates.learning_rate);
  const auto decay = static_cast<float>(rates.weight_decay);
  const auto alpha = static_cast<float>(settings.alpha);
  const auto rest = static_cast<float>(1 - settings.alpha);
  const auto epsilon = static_cast<float>(settings.epsilon);
  const auto momentum = static_cast<float>(settings.momentum);
  for (int64_t i = 0; i < count; ++i) {
    const float gradient = g[i] + decay * p[i];
    square[i] = alpha * square[i] + rest * gradient * gradient;
    const float move = gradient / (std::sqrt(square[i]) + epsilon);
    if (v) {
      v[i] = momentum * v[i] + move;
      p[i] -= rate * v[i];
    } else {
      p[i] -= rate * move;
    }
  }
}

double sum_of_squares(int64_t count, const float* g) {
  constexpr int64_t lanes = 8;  // sums side by side, so that one addition need not wait for the one before
  double sums[lanes] = {};
  int64_t i = 0;
  for (; i + lanes <= count; i += lanes)
    for (int64_t lane = 0; lane < lanes; ++lane) sums[lane] += static_cast<double>(g[i + lane]) * g[i + lane];
  for (; i < count; ++i) sums[0] += static_cast<double>(g[i]) * g[i];
  double total = 0;
  for (const double sum : sums) total += sum;
  return total;
}

}  // namespace mtl::update_rules
