#pragma once

#include <filesystem>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "framework/decide/temperature.h"
#include "mtl/figures.h"

/// What the line does with a part, from the probabilities of one task's classes.
namespace mtl {

enum class Verdict { normal, look, defect };  ///< look: a person has to look at the part
const char* name_of(Verdict verdict);         ///< "normal", "look", "defect"

/// On p, the probability that a part is defective: p < pass_below: normal; p >= fail_from: defect; else look.
struct DefectLimits {
  static constexpr double never = std::numeric_limits<double>::infinity();
  double pass_below, fail_from;  ///< 0 <= pass_below <= fail_from; above 1: p never comes there
};

/// What an answer costs, in any unit; no cost is below 0.
struct CostMatrix {
  std::vector<std::vector<double>> costs;  ///< [truth][answer] of taking a part of class `truth` for `answer`
  std::vector<double> look;                ///< [truth] of having a person look; empty: nobody looks
};

struct DecisionRule {
  std::string task;
  ClassList classes;  ///< of the task, at least one normal and one that is not
  std::variant<DefectLimits, CostMatrix> by;
};

struct Decision {
  Verdict verdict;
  std::string label;  ///< with a cost matrix the class of least expected cost, also where a person looks; else ""
  double defect_probability;
};

/// The sum of the probabilities of the classes that are not normal, 0..1; NaN where one of them is.
double defect_probability(const ClassList& classes, const std::vector<double>& probabilities);

Verdict verdict_of(const DefectLimits& limits, double defect_probability);

/// probabilities [K] of rule.classes, after temperature. With a cost matrix the answer of least expected cost, or look
/// where that costs less than any answer (Chow, IEEE Transactions on Information Theory 16, 1970). A person looks where
/// a probability is no number. Throws mtl::Error where there are not K.
Decision decide(const DecisionRule& rule, const std::vector<double>& probabilities);

struct Decisions {
  std::map<std::string, double> temperatures;  ///< by task; a task that is not there keeps its probabilities
  std::optional<DecisionRule> rule;
};

/// Reads what `calibrate` wrote, RUN/decisions.json. Throws mtl::Error for a file that is missing, larger than 16 MiB,
/// of a newer format, or in any way other than write_decisions() makes it.
Decisions read_decisions(const std::filesystem::path& file);
/// Likewise the text of a file of this name.
Decisions parse_decisions(std::string_view text, const std::string& file);

/// Throws mtl::Error where the decisions, read from `file`, are of a task that a model does not have, or of other
/// classes than its. tasks and classes are the model's, in the same order.
void require_fits(const Decisions& decisions, const std::vector<std::string>& tasks,
                  const std::vector<ClassList>& classes, const std::filesystem::path& file);

}  // namespace mtl
