#include "framework/study/comparison.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "framework/study/comparison_sentence.h"
#include "framework/study/statistics/group_bootstrap.h"
#include "framework/study/statistics/holm.h"
#include "framework/study/statistics/sign_flip.h"

namespace mtl {
namespace {

constexpr double level = 0.05;
constexpr uint64_t bootstrap_seed = 1;

/// The groups that have an image which counts, numbered.
std::map<size_t, size_t> counted_groups(const std::vector<double>& values, const TestImages& images) {
  std::map<size_t, size_t> groups;
  for (size_t i = 0; i < values.size(); ++i)
    if (!std::isnan(values[i])) groups.try_emplace(images.groups[i], groups.size());
  return groups;
}

std::vector<double> seed_differences(const SeedValues& arm, const SeedValues& reference) {
  std::vector<double> differences;
  for (size_t s = 0; s < arm.size(); ++s) differences.push_back(mean_of(arm[s]) - mean_of(reference[s]));
  return differences;
}

/// Mean over the seeds of each image's difference.
std::vector<double> image_differences(const SeedValues& arm, const SeedValues& reference) {
  std::vector<double> differences(arm.front().size(), 0.0);
  for (size_t i = 0; i < differences.size(); ++i) {
    for (size_t s = 0; s < arm.size(); ++s) differences[i] += arm[s][i] - reference[s][i];
    differences[i] /= static_cast<double>(arm.size());  // after the sum, which is then exactly 0 where it should be
  }
  return differences;
}

McNemar over_images(const std::vector<double>& differences) {
  int64_t more = 0, less = 0;
  for (const double difference : differences) {
    more += difference > 0;
    less += difference < 0;
  }
  return mcnemar(more, less);
}

Interval bootstrap(const std::vector<double>& differences, const TestImages& images) {
  const std::map<size_t, size_t> groups = counted_groups(differences, images);
  std::vector<double> sums(groups.size(), 0.0), counts(groups.size(), 0.0);
  for (size_t i = 0; i < differences.size(); ++i) {
    if (std::isnan(differences[i])) continue;
    const size_t g = groups.at(images.groups[i]);
    sums[g] += differences[i];
    ++counts[g];
  }
  return bootstrap_groups(sums, counts, bootstrap_seed);
}

}  // namespace

Cells contrast_cells(const std::vector<double>& coefficients, const std::vector<SeedValues>& arms,
                     const TestImages& images) {
  const std::vector<double>& pattern = arms.front().front();
  const std::map<size_t, size_t> groups = counted_groups(pattern, images);
  const auto counted = static_cast<double>(
      std::count_if(pattern.begin(), pattern.end(), [](double value) { return !std::isnan(value); }));
  Cells cells(arms.front().size(), std::vector<double>(groups.size(), 0.0));
  for (size_t a = 0; a < arms.size(); ++a)
    for (size_t s = 0; s < cells.size(); ++s)
      for (size_t i = 0; i < pattern.size(); ++i)
        if (!std::isnan(pattern[i]))
          cells[s][groups.at(images.groups[i])] +=
              coefficients[a] * arms[a][s][i] * static_cast<double>(groups.size()) / counted;
  return cells;
}

Comparison compare(const SeedValues& arm, const SeedValues& reference, const TestImages& images) {
  Comparison comparison;
  comparison.seeds = arm.size();
  const Cells cells = contrast_cells({1, -1}, {arm, reference}, images);
  comparison.groups = cells.front().size();
  comparison.estimate = crossed_estimate(cells);
  const std::vector<double> by_seed = seed_differences(arm, reference);
  comparison.over_seeds = paired_t(by_seed);
  comparison.sign_flip_p = sign_flip_p(by_seed);
  const std::vector<double> by_image = image_differences(arm, reference);
  comparison.over_images = over_images(by_image);
  comparison.bootstrap = bootstrap(by_image, images);
  return comparison;
}

void judge(const std::vector<Comparison*>& family, const std::vector<Names>& names) {
  std::vector<double> p;
  for (const Comparison* comparison : family) p.push_back(comparison->estimate.p);
  const std::vector<double> adjusted = holm(p);
  for (size_t k = 0; k < family.size(); ++k) {
    Comparison& comparison = *family[k];
    comparison.adjusted_p = adjusted[k];
    const bool is_shown = adjusted[k] < level;
    const bool is_better = (comparison.estimate.value > 0) == names[k].higher_is_better;
    comparison.verdict = !is_shown ? Verdict::not_shown : is_better ? Verdict::better : Verdict::worse;
    // Holm multiplies p by how many it still has to share the level with.
    const double factor = p[k] > 0 ? std::max(1.0, adjusted[k] / p[k]) : 1;
    comparison.sentence = verdict_sentence(comparison, names[k], level / factor);
  }
}

}  // namespace mtl
