#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "framework/cli/explained_pictures.h"
#include "framework/report/page/explanation_page.h"

namespace mtl {

/// How many of a split's pictures were explained, and why.
struct SplitCounts {
  std::string data = "";  ///< "120 images of parts.csv, split test"
  std::optional<int64_t> highest_losses = {}, contradictions = {};
};

/// What was found, for standard output, the page and the JSON.
struct ExplainSummary {
  std::vector<std::string> lines;
  std::vector<KeyFigure> figures;
  nlohmann::ordered_json facts;
};

/// With masks, the share of maxima in the marked regions comes with its exact 95 % interval and what chance would give.
ExplainSummary summary_of(const ExplainedCounts& counts, bool has_masks);
ExplainSummary summary_of(const SplitCounts& counts);

ExplanationReport report_of(const std::string& run, const std::string& task, const std::string& method,
                            const ExplainSummary& summary);
nlohmann::ordered_json facts_of(const std::string& run, const std::string& task, const std::string& method,
                                const ExplainSummary& summary);

}  // namespace mtl
