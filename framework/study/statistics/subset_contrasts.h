#pragma once

#include <cstdint>
#include <vector>

namespace mtl {

/// Coefficients over the 2^n arms "main task plus subset": coefficient[subset], where bit i of the index `subset` says
/// that auxiliary task i is in it. A contrast is the sum of coefficient x accuracy of the arm. 1 <= n <= 16, task < n.

/// The Shapley value (1953): what the task adds, averaged over all orders of adding tasks. Over all tasks they sum to
/// the accuracy of the arm with all tasks minus that of the main task alone.
std::vector<double> shapley_contrast(int n, int task);

/// The main effect of a factorial experiment (Yates 1937): the mean over the arms with the task minus the mean over
/// those without.
std::vector<double> main_effect_contrast(int n, int task);

}  // namespace mtl
