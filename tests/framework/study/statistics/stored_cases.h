#pragma once

#include <doctest/doctest.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace mtl::test {

/// What statistics_reference.py wrote for this statistic with SciPy.
inline nlohmann::json stored_cases(const std::string& statistic) {
  std::ifstream file(MTL_SOURCE_DIR "/tests/framework/study/statistics/stored_cases.json");
  nlohmann::json cases = nlohmann::json::parse(file).at(statistic);
  REQUIRE(cases.size() >= 20);
  return cases;
}

/// JSON has no NaN: it is null there.
inline double number(const nlohmann::json& json) { return json.is_null() ? std::nan("") : json.get<double>(); }

inline std::vector<double> numbers(const nlohmann::json& json) {
  std::vector<double> all;
  for (const auto& one : json) all.push_back(number(one));
  return all;
}

/// `rounding` is what a result that ought to be 0 may have in its place.
inline bool is_close(double found, double expected, double rounding = 1e-13) {
  if (std::isnan(expected)) return std::isnan(found);
  return std::abs(found - expected) <= 1e-8 * std::abs(expected) + rounding;
}

/// A p-value however small.
inline bool is_same_p(double found, double expected) { return is_close(found, expected, 0); }

}  // namespace mtl::test
