#include "framework/cli/explain_summary.h"

#include "framework/decide/exact_interval.h"
#include "framework/report/json_number.h"
#include "framework/report/page/number_text.h"

namespace mtl {
namespace {

using nlohmann::ordered_json;

std::string percent(double share) { return fixed_text(100 * share, 1) + " %"; }

void add_pointing(ExplainSummary& summary, const ExplainedCounts& counts) {
  constexpr double confidence = 0.95;
  const PointingGame& game = counts.pointing;
  const int64_t pictures = game.pictures(), hits = game.hits();
  const Interval interval = exact_interval(hits, pictures, confidence);
  const double share = pictures > 0 ? static_cast<double>(hits) / static_cast<double>(pictures) : game.chance();
  summary.facts["pointing_game"] = {{"pictures", pictures},
                                    {"hits", hits},
                                    {"share", json_number(share)},
                                    {"low", interval.low},
                                    {"high", interval.high},
                                    {"confidence", confidence},
                                    {"chance", json_number(game.chance())},
                                    {"without_mask", counts.without_mask}};
  const std::string left_out = std::to_string(counts.without_mask) + " without a mask that marks something";
  if (pictures == 0) {
    return summary.lines.push_back("no picture has a mask that marks something");
  }
  summary.lines.push_back("maxima inside the marked regions: " + percent(share) + " of " +
                          count_text(pictures, "picture") + ", 95 % interval " + percent(interval.low) + " to " +
                          percent(interval.high) + " (chance " + percent(game.chance()) + "); " + left_out);
  summary.figures = {{"Maxima inside the marked regions", percent(share),
                      count_text(hits, "picture") + " of " + std::to_string(pictures) + ", 95 % interval " +
                          percent(interval.low) + " to " + percent(interval.high) + "; " + left_out},
                     {"By chance", percent(game.chance()), "the mean share of the pictures that lies in the regions"}};
}

}  // namespace

ExplainSummary summary_of(const ExplainedCounts& counts, bool has_masks) {
  ExplainSummary summary{
      {count_text(counts.explained, "picture") + " explained, " + std::to_string(counts.unreadable) + " not readable"},
      {},
      {{"explained", counts.explained}, {"unreadable", counts.unreadable}}};
  if (has_masks) add_pointing(summary, counts);
  return summary;
}

ExplainSummary summary_of(const SplitCounts& counts) {
  ExplainSummary summary{{counts.data}, {}, {{"data", counts.data}}};
  if (counts.highest_losses) {
    summary.lines.push_back("highest losses: " + count_text(*counts.highest_losses, "picture"));
    summary.facts["highest_losses"] = *counts.highest_losses;
  }
  if (counts.contradictions) {
    summary.lines.push_back("the tasks contradict each other on " + count_text(*counts.contradictions, "picture"));
    summary.facts["contradictions"] = *counts.contradictions;
  }
  return summary;
}

ExplanationReport report_of(const std::string& run, const std::string& task, const std::string& method,
                            const ExplainSummary& summary) {
  return {run, task, method == "grad_cam" ? "Grad-CAM" : "Integrated Gradients", summary.lines, summary.figures,
          {},  {}};
}

ordered_json facts_of(const std::string& run, const std::string& task, const std::string& method,
                      const ExplainSummary& summary) {
  ordered_json facts{{"run", run}, {"task", task}, {"method", method}};
  facts.update(summary.facts);
  return facts;
}

}  // namespace mtl
