#pragma once

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

namespace mtl::test {

/// The cases of one kind that decide_reference.py has written.
inline nlohmann::json stored_cases(const std::string& kind) {
  std::ifstream file(MTL_SOURCE_DIR "/tests/framework/decide/decide_cases.json");
  return nlohmann::json::parse(file).at(kind);
}

inline bool is_close(double found, const nlohmann::json& expected, double tolerance = 1e-10) {
  return std::abs(found - expected.get<double>()) <= tolerance;
}

}  // namespace mtl::test
