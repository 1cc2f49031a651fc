#include "framework/cli/calibrated_result.h"

#include <algorithm>

#include "framework/report/page/number_text.h"

namespace mtl {
namespace {

constexpr const char* ungrouped =
    "; no column says which pictures are of one part, so each counts as a part of its own: name the column with "
    "--group "
    "if several are of one, or the promise is too bold";

bool knows_parts(const Subject& subject) {
  const DataSettings& data = subject.run.config.data;
  return data.source == "synthetic" || !data.group_column.empty();
}

CountedRate::Count count_of(const char* noun, const Rate& rate) {
  return {noun, rate.found, rate.of, rate.low, rate.high};
}

CountedRate counted(const char* name, const char* meaning, const DecisionRate& rate) {
  return {name, meaning, {count_of("part", rate.parts), count_of("image", rate.images)}};
}

std::vector<CountedRate> counted(const DecisionRates& rates) {
  return {counted("escape", "defective, and passes", rates.escape),
          counted("overkill", "normal, and is rejected", rates.overkill),
          counted("look", "a person looks, of all", rates.look)};
}

/// Every limit at which something changes, from 0 to above the largest probability.
std::vector<LimitPoint> limit_points(const std::vector<ScoredImage>& images) {
  std::vector<double> normal, defective, limits{0};
  for (const ScoredImage& image : images) {
    (image.is_normal ? normal : defective).push_back(image.defect_probability);
    limits.push_back(image.defect_probability);
  }
  if (normal.empty() || defective.empty()) return {};
  limits.push_back(1);
  for (std::vector<double>* values : {&normal, &defective, &limits}) std::sort(values->begin(), values->end());
  limits.erase(std::unique(limits.begin(), limits.end()), limits.end());
  const auto share_below = [](const std::vector<double>& sorted, double limit) {
    return static_cast<double>(std::lower_bound(sorted.begin(), sorted.end(), limit) - sorted.begin()) /
           static_cast<double>(sorted.size());
  };
  std::vector<LimitPoint> points;
  for (const double limit : limits)
    points.push_back({limit, share_below(defective, limit), 1 - share_below(normal, limit)});
  return points;
}

std::vector<NamedLimit> chosen_limits(const CalibratedRule& rule) {
  const auto* limits = std::get_if<DefectLimits>(&rule.rule.by);
  if (!limits) return {};
  if (limits->fail_from == limits->pass_below) return {{"passes below, fails from", limits->pass_below, false}};
  return {{"passes below", limits->pass_below, false}, {"fails from", limits->fail_from, true}};
}

}  // namespace

std::string data_sentence(const Subject& subject, const CalibrationParts& parts) {
  return count_text(static_cast<int64_t>(parts.images.truths.size()), "image") + " of " +
         count_text(static_cast<int64_t>(parts.images.parts), "part") + " labelled for task " + parts.task + ", of " +
         subject.images.dataset.table.source + ", split " + subject.split + (knows_parts(subject) ? "" : ungrouped);
}

CalibrationResult result_of(const CalibrateArguments& arguments, const Subject& subject,
                            const CalibrationParts& parts) {
  CalibrationResult result;
  result.run = subject.run.config.run.name;
  result.data = data_sentence(subject, parts);
  result.temperatures = parts.temperatures;
  result.task = parts.task;
  result.knows_defects = knows_defects(parts.classes);
  result.confidence = arguments.confidence.value_or(usual_confidence);
  if (result.knows_defects) result.limits = limit_points(parts.images.scores);
  const RejectCurve curve = reject_curve(parts.images.answers);
  for (const RejectPoint& point : curve.points)
    result.rejects.push_back({point.rejected, point.certainty, point.errors, point.escapes});
  result.error_area = curve.error_area;
  result.escape_area = curve.escape_area;
  if (!parts.rule) return result;
  result.rule = sentences_of(*parts.rule, arguments);
  result.rates = counted(parts.rule->rates);
  result.chosen = chosen_limits(*parts.rule);
  return result;
}

}  // namespace mtl
