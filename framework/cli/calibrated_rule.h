#pragma once

#include <optional>
#include <string>
#include <vector>

#include "framework/cli/calibrate_command.h"
#include "framework/cli/calibrated_tasks.h"
#include "framework/decide/decision_rates.h"
#include "framework/decide/decisions.h"
#include "framework/decide/defect_limits.h"

namespace mtl {

/// A rule with what stands behind it.
struct CalibratedRule {
  DecisionRule rule;
  std::optional<LimitPromise> escape, overkill;  ///< of limits
  DecisionRates rates;                           ///< on the images that it was chosen on
  double mean_cost = 0, plain_cost = 0;  ///< per image, with a cost matrix: of the rule, and of the most probable class
};

constexpr double usual_confidence = 0.95;

/// Limits as the arguments wish. Throws mtl::Error where the images do not suffice.
CalibratedRule rule_of_limits(const std::string& task, const ClassList& classes, const LabelledImages& images,
                              const CalibrateArguments& arguments);

CalibratedRule rule_of_costs(const std::string& task, const ClassList& classes, const LabelledImages& images,
                             CostMatrix costs, double confidence);

/// What is decided and promised, a sentence each, for people on the line.
std::vector<std::string> sentences_of(const CalibratedRule& rule, const CalibrateArguments& arguments);

}  // namespace mtl
