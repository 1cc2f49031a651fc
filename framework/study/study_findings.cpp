#include "framework/study/study_findings.h"

#include <algorithm>
#include <cmath>

#include "framework/study/comparison.h"
#include "framework/study/statistics/subset_contrasts.h"

namespace mtl {
namespace {

/// One figure's values of the runs with the given seeds, in their order.
SeedValues values_with(const std::vector<uint64_t>& seeds, const ImageFigure& figure, const ArmOutcomes& arm,
                       const TestImages& images) {
  SeedValues values;
  for (const uint64_t seed : seeds)
    for (const RunOutcome& run : arm.runs)
      if (run.record.seed == seed) values.push_back(values_of(figure, run, images));
  return values;
}

/// The seeds with which all of the arms are finished, in the first one's order.
std::vector<uint64_t> common_seeds(const std::vector<const ArmOutcomes*>& arms) {
  std::vector<uint64_t> seeds;
  for (const RunOutcome& run : arms.front()->runs) {
    const auto has_seed = [&](const ArmOutcomes* arm) {
      return std::any_of(arm->runs.begin(), arm->runs.end(),
                         [&](const RunOutcome& other) { return other.record.seed == run.record.seed; });
    };
    if (std::all_of(arms.begin(), arms.end(), has_seed)) seeds.push_back(run.record.seed);
  }
  return seeds;
}

bool has_images(const SeedValues& values) { return !values.empty() && !std::isnan(mean_of(values.front())); }

/// Every arm's figure `f` against the reference arm's.
void compare_arms(VariantResult& result, size_t f, const ImageFigure& figure, const std::vector<ArmOutcomes>& arms,
                  const TestImages& images) {
  std::vector<Comparison*> family;
  std::vector<Names> names;
  for (size_t a = 1; a < arms.size(); ++a) {
    const std::vector<uint64_t> seeds = common_seeds({&arms[a], &arms.front()});
    const SeedValues values = values_with(seeds, figure, arms[a], images);
    if (!has_images(values)) continue;
    FigureSummary& summary = result.arms[a].figures[f];
    summary.comparison = compare(values, values_with(seeds, figure, arms.front(), images), images);
    family.push_back(&*summary.comparison);
    names.push_back({arms[a].name, arms.front().name, figure.name, figure.higher_is_better});
  }
  judge(family, names);
}

/// The arms by subset of the auxiliary tasks; empty where one is missing.
std::vector<const ArmOutcomes*> by_subset(const std::vector<Arm>& plan, const std::vector<ArmOutcomes>& arms,
                                          const std::vector<size_t>& auxiliary) {
  std::vector<const ArmOutcomes*> ordered(size_t{1} << auxiliary.size(), nullptr);
  for (size_t a = 0; a < plan.size(); ++a) {
    size_t subset = 0;
    for (size_t i = 0; i < auxiliary.size(); ++i)
      if (std::count(plan[a].tasks.begin(), plan[a].tasks.end(), auxiliary[i])) subset |= size_t{1} << i;
    if (!arms[a].runs.empty()) ordered[subset] = &arms[a];
  }
  if (std::count(ordered.begin(), ordered.end(), nullptr)) return {};
  return ordered;
}

std::vector<TaskAttribution> attribute(const std::vector<Arm>& plan, const std::vector<std::string>& tasks,
                                       const std::vector<ArmOutcomes>& arms, const TestImages& images) {
  std::vector<size_t> auxiliary;
  for (const Arm& arm : plan)
    for (size_t i = 1; i < arm.tasks.size(); ++i)
      if (!std::count(auxiliary.begin(), auxiliary.end(), arm.tasks[i])) auxiliary.push_back(arm.tasks[i]);
  std::sort(auxiliary.begin(), auxiliary.end());
  constexpr size_t most_tasks = 12;
  if (auxiliary.empty() || auxiliary.size() > most_tasks) return {};
  const std::vector<const ArmOutcomes*> subsets = by_subset(plan, arms, auxiliary);
  if (subsets.empty()) return {};
  const std::vector<uint64_t> seeds = common_seeds(subsets);
  if (seeds.empty()) return {};

  std::vector<TaskAttribution> attributions;
  const int count = static_cast<int>(auxiliary.size());
  for (const ImageFigure& figure : image_figures(images.knows_normal)) {
    std::vector<SeedValues> values;
    for (const ArmOutcomes* arm : subsets) values.push_back(values_with(seeds, figure, *arm, images));
    if (!has_images(values.front())) continue;
    for (int i = 0; i < count; ++i)
      attributions.push_back({tasks[auxiliary[static_cast<size_t>(i)]], figure.name,
                              crossed_estimate(contrast_cells(shapley_contrast(count, i), values, images)),
                              crossed_estimate(contrast_cells(main_effect_contrast(count, i), values, images))});
  }
  return attributions;
}

}  // namespace

VariantResult find_in_variant(const std::string& label, const std::vector<Arm>& plan,
                              const std::vector<std::string>& tasks, const std::vector<ArmOutcomes>& arms,
                              const TestImages& images) {
  VariantResult result{label, {}, {}};
  for (const ArmOutcomes& arm : arms) result.arms.push_back(summarize(arm, images));
  const std::vector<ImageFigure> figures = image_figures(images.knows_normal);
  for (size_t f = 0; f < figures.size(); ++f) compare_arms(result, f, figures[f], arms, images);
  result.attributions = attribute(plan, tasks, arms, images);
  std::erase_if(result.arms, [](const ArmResult& arm) { return arm.seeds.empty(); });
  return result;
}

std::vector<AxisComparison> compare_variants(const std::string& first, const std::vector<ArmOutcomes>& reference,
                                             const std::string& label, const std::vector<ArmOutcomes>& arms,
                                             const TestImages& images) {
  std::vector<AxisComparison> comparisons;
  for (const ImageFigure& figure : image_figures(images.knows_normal)) {
    std::vector<AxisComparison> family;
    for (size_t a = 0; a < arms.size(); ++a) {
      const std::vector<uint64_t> seeds = common_seeds({&arms[a], &reference[a]});
      const SeedValues values = values_with(seeds, figure, arms[a], images);
      if (!has_images(values)) continue;
      family.push_back({arms[a].name, label, first, figure.name,
                        compare(values, values_with(seeds, figure, reference[a], images), images)});
    }
    std::vector<Comparison*> judged;
    std::vector<Names> names;
    for (AxisComparison& one : family) {
      judged.push_back(&one.comparison);
      names.push_back({one.arm + " with " + label, "the same with " + first, figure.name, figure.higher_is_better});
    }
    judge(judged, names);
    comparisons.insert(comparisons.end(), family.begin(), family.end());
  }
  return comparisons;
}

}  // namespace mtl
