#include "framework/study/comparison_sentence.h"

#include <cmath>

#include "framework/report/page/number_text.h"
#include "framework/study/statistics/required_sample.h"

namespace mtl {
namespace {

std::string verdict_words(Verdict verdict, const Names& names) {
  switch (verdict) {
    case Verdict::better:
      return names.arm + " is better than " + names.reference;
    case Verdict::worse:
      return names.arm + " is worse than " + names.reference;
    default:
      return "No difference between " + names.arm + " and " + names.reference + " is shown";
  }
}

/// A number that is no larger than what was there says that luck was against the arm, and is left out.
std::string needed_text(const Comparison& comparison, double level) {
  const auto seeds = static_cast<int64_t>(comparison.seeds), groups = static_cast<int64_t>(comparison.groups);
  const RequiredSample needed = required_sample(comparison.estimate, seeds, groups, level);
  std::string more;
  if (needed.seeds && *needed.seeds > seeds)
    more = "about " + std::to_string(*needed.seeds) + " seeds with these images";
  if (needed.groups && *needed.groups > groups)
    more += std::string(more.empty() ? "" : ", or ") + "about " + std::to_string(*needed.groups) +
            " groups of test images with these seeds";
  if (!more.empty()) return "; to show a difference of that size it would take " + more;
  if (needed.seeds || needed.groups) return "; one of that size is at the edge of what this study can show";
  return "; a difference of that size can be shown only with more seeds and more test images together";
}

std::string seen_text(const Comparison& comparison) {
  return count_text(static_cast<int64_t>(comparison.seeds), "seed") + ", " +
         count_text(static_cast<int64_t>(comparison.groups), "group") + " of test images";
}

std::string too_little_text(const Comparison& comparison) {
  if (comparison.seeds < 2)
    return " with one seed, which cannot tell an arm's effect from a run's luck; train two seeds or more.";
  return " with " + seen_text(comparison) + ", which cannot tell it from luck.";
}

}  // namespace

std::string verdict_sentence(const Comparison& comparison, const Names& names, double level) {
  const CrossedEstimate& estimate = comparison.estimate;
  const std::string what = verdict_words(comparison.verdict, names) + ": " + spaced(names.figure) + " " +
                           points_text(estimate.value) + " points";
  if (std::isnan(estimate.p)) return what + too_little_text(comparison);
  const std::string interval = points_interval_text(estimate.interval.low, estimate.interval.high);
  const bool can_ask = comparison.verdict == Verdict::not_shown && estimate.value != 0;
  return what + " (95 % interval " + interval + ", adjusted p " + p_text(comparison.adjusted_p) + "; " +
         seen_text(comparison) + ")" + (can_ask ? needed_text(comparison, level) : "") + ".";
}

}  // namespace mtl
