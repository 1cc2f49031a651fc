#pragma once

#include <numeric>

#include "framework/report/run_result.h"

namespace mtl {

/// Of the shared part: a method whose weights sum to more takes larger steps.
inline double effective_learning_rate(const EpochResult& result) {
  return result.learning_rate * std::accumulate(result.weights.begin(), result.weights.end(), 0.0);
}

}  // namespace mtl
