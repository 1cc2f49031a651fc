#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

namespace mtl::weightings {

/// exp(values) over the tasks of `among`, scaled to the sum 1; 0 for the others.
inline std::vector<double> softmax(const std::vector<double>& values, const std::vector<size_t>& among) {
  double largest = values[among.front()], sum = 0;
  for (const size_t k : among) largest = std::max(largest, values[k]);
  std::vector<double> shares(values.size(), 0.0);
  for (const size_t k : among) sum += shares[k] = std::exp(values[k] - largest);
  for (const size_t k : among) shares[k] /= sum;
  return shares;
}

/// The gradient by `values` of a function whose gradient by softmax(values) is `by_share`.
inline std::vector<double> softmax_gradient(const std::vector<double>& shares, const std::vector<double>& by_share) {
  double mean = 0;
  for (size_t k = 0; k < shares.size(); ++k) mean += shares[k] * by_share[k];
  std::vector<double> gradient(shares.size());
  for (size_t k = 0; k < shares.size(); ++k) gradient[k] = shares[k] * (by_share[k] - mean);
  return gradient;
}

inline std::vector<double> logs(const std::vector<double>& values) {
  std::vector<double> result;
  for (const double value : values) result.push_back(std::log(value));
  return result;
}

/// Indexes of the labelled tasks.
inline std::vector<size_t> labelled_tasks(const std::vector<bool>& labelled) {
  std::vector<size_t> tasks;
  for (size_t k = 0; k < labelled.size(); ++k)
    if (labelled[k]) tasks.push_back(k);
  return tasks;
}

}  // namespace mtl::weightings
