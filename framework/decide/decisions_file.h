#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "framework/decide/decision_rates.h"
#include "framework/decide/decisions.h"
#include "framework/decide/defect_limits.h"

namespace mtl {

/// What decisions rest on: written beside them for people to read, and never read back.
struct DecisionBasis {
  std::string engine_version, data, split;
  int64_t images = 0, parts = 0;  ///< labelled for the rule's task; 0 where there is no rule
  double confidence = 0.95;
  std::optional<LimitPromise> escape, overkill;  ///< of limits
  std::optional<DecisionRates> rates;            ///< of a rule
};

/// Writes the file that read_decisions() reads. Numbers read back the same.
void write_decisions(const std::filesystem::path& file, const Decisions& decisions, const DecisionBasis& basis);

}  // namespace mtl
