#pragma once

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

namespace mtl {

/// JSON has no NaN and no infinity: such a number is null.
inline nlohmann::ordered_json json_number(double value) {
  return std::isfinite(value) ? nlohmann::ordered_json(value) : nlohmann::ordered_json(nullptr);
}

/// NaN for null. Throws nlohmann::json::exception for anything but a number.
inline double number_in(const nlohmann::json& value) {
  return value.is_null() ? std::numeric_limits<double>::quiet_NaN() : value.get<double>();
}

}  // namespace mtl
