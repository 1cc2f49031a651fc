#include "framework/bundle/golden_choice.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>

namespace mtl {

std::vector<size_t> golden_choice(const std::vector<Prediction>& predictions, size_t most) {
  std::map<std::string, std::vector<size_t>> by_class;
  for (size_t i = 0; i < predictions.size(); ++i) by_class[predictions[i].label].push_back(i);
  const auto sureness = [&](size_t i) {
    return std::isfinite(predictions[i].probability) ? predictions[i].probability : 0;
  };
  for (auto& [label, pictures] : by_class)
    std::stable_sort(pictures.begin(), pictures.end(), [&](size_t a, size_t b) { return sureness(a) > sureness(b); });
  std::vector<size_t> chosen;
  most = std::min(most, predictions.size());
  for (size_t place = 0; chosen.size() < most; ++place)
    for (const auto& [label, pictures] : by_class)
      if (place < pictures.size() && chosen.size() < most) chosen.push_back(pictures[place]);
  return chosen;
}

}  // namespace mtl
