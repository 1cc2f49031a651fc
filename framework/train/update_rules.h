#pragma once

#include <cstdint>

#include "framework/config/run_config.h"

/// The update rules over `count` neighbouring values, in the words of LibTorch's torch::optim: p parameter, g gradient.
namespace mtl::update_rules {

struct Rates {
  double learning_rate;
  double weight_decay;
  int64_t step;  ///< from 1
};

/// v = momentum v + g; p -= rate v, or with Nesterov's look ahead rate (g + momentum v). `v` may be null without
/// momentum.
void sgd(const OptimizerSettings& settings, const Rates& rates, int64_t count, const float* g, float* p, float* v);

/// Kingma and Ba, ICLR 2015. `decoupled`: weight decay acts on p and not through g (Loshchilov and Hutter, ICLR 2019).
void adam(const OptimizerSettings& settings, const Rates& rates, bool decoupled, int64_t count, const float* g,
          float* p, float* mean, float* square);

/// Tieleman and Hinton, 2012; with momentum where `v` is not null.
void rmsprop(const OptimizerSettings& settings, const Rates& rates, int64_t count, const float* g, float* p,
             float* square, float* v);

double sum_of_squares(int64_t count, const float* g);

}  // namespace mtl::update_rules
