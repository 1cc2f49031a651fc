#include "framework/metrics/ranking.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace mtl {
namespace {

/// The images of one score.
struct Tie {
  double score;
  int64_t defects = 0, normals = 0;
};

/// From the highest score down.
std::vector<Tie> ties_of(const std::vector<double>& scores, const std::vector<bool>& is_defect) {
  std::vector<size_t> order(scores.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::sort(order.begin(), order.end(), [&](size_t a, size_t b) { return scores[a] > scores[b]; });
  std::vector<Tie> ties;
  for (const size_t i : order) {
    if (ties.empty() || ties.back().score != scores[i]) ties.push_back({scores[i]});
    ++(is_defect[i] ? ties.back().defects : ties.back().normals);
  }
  return ties;
}

double share(double part, int64_t whole) { return part / static_cast<double>(whole); }

void add_points(Ranking& ranking, const std::vector<Tie>& ties) {
  int64_t defects = 0, normals = 0;
  for (const Tie& tie : ties) {
    defects += tie.defects;
    normals += tie.normals;
    const auto found = static_cast<double>(defects);
    const double precision = share(found, defects + normals);
    ranking.points.push_back(
        {tie.score, share(static_cast<double>(normals), ranking.normals), share(found, ranking.defects), precision});
    ranking.average_precision += share(static_cast<double>(tie.defects), ranking.defects) * precision;
  }
}

/// DeLong's structural components, per image of a tie: of a defect image the share of normal images below it, of a
/// normal image the share of defect images above it, ties by half.
struct Components {
  double defect, normal;
};

std::vector<Components> components_of(const Ranking& ranking, const std::vector<Tie>& ties) {
  std::vector<Components> components;
  int64_t defects = 0, normals = 0;  // above the tie
  for (const Tie& tie : ties) {
    const auto below = static_cast<double>(ranking.normals - normals - tie.normals);
    components.push_back(
        {share(below + 0.5 * static_cast<double>(tie.normals), ranking.normals),
         share(static_cast<double>(defects) + 0.5 * static_cast<double>(tie.defects), ranking.defects)});
    defects += tie.defects;
    normals += tie.normals;
  }
  return components;
}

void add_area(Ranking& ranking, const std::vector<Tie>& ties) {
  const std::vector<Components> components = components_of(ranking, ties);
  double sum = 0, defect_squares = 0, normal_squares = 0;
  for (size_t t = 0; t < ties.size(); ++t) sum += static_cast<double>(ties[t].defects) * components[t].defect;
  ranking.area = share(sum, ranking.defects);
  for (size_t t = 0; t < ties.size(); ++t) {
    defect_squares += static_cast<double>(ties[t].defects) * std::pow(components[t].defect - ranking.area, 2);
    normal_squares += static_cast<double>(ties[t].normals) * std::pow(components[t].normal - ranking.area, 2);
  }
  ranking.area_low = ranking.area_high = std::numeric_limits<double>::quiet_NaN();
  if (ranking.defects < 2 || ranking.normals < 2) return;
  const double variance = share(share(defect_squares, ranking.defects - 1), ranking.defects) +
                          share(share(normal_squares, ranking.normals - 1), ranking.normals);
  // Without variation the area is exactly 0, 1/2 or 1, so rounding leaves nothing.
  if (variance == 0) return;
  constexpr double normal_quantile = 1.959963984540054;  // of 97.5 %
  const double reach = normal_quantile * std::sqrt(variance);
  ranking.area_low = std::max(0.0, ranking.area - reach);
  ranking.area_high = std::min(1.0, ranking.area + reach);
}

}  // namespace

std::optional<Ranking> ranking_of(const std::vector<double>& scores, const std::vector<bool>& is_defect) {
  if (!std::all_of(scores.begin(), scores.end(), [](double score) { return std::isfinite(score); })) return {};
  Ranking ranking;
  ranking.defects = std::count(is_defect.begin(), is_defect.end(), true);
  ranking.normals = std::count(is_defect.begin(), is_defect.end(), false);
  if (ranking.defects == 0 || ranking.normals == 0) return {};
  const std::vector<Tie> ties = ties_of(scores, is_defect);
  add_points(ranking, ties);
  add_area(ranking, ties);
  return ranking;
}

std::optional<Ranking> ranking_of_task(const ClassList& classes, const std::vector<std::string>& truths,
                                       const std::vector<std::vector<double>>& probabilities) {
  std::vector<double> scores;
  std::vector<bool> is_defect;
  for (size_t i = 0; i < truths.size(); ++i) {
    if (truths[i].empty()) continue;
    if (probabilities[i].empty()) return {};
    const auto truth = std::find(classes.names.begin(), classes.names.end(), truths[i]) - classes.names.begin();
    is_defect.push_back(!classes.normal.at(static_cast<size_t>(truth)));
    double score = 0;
    for (size_t k = 0; k < classes.normal.size(); ++k)
      if (!classes.normal[k]) score += probabilities[i].at(k);
    scores.push_back(score);
  }
  return ranking_of(scores, is_defect);
}

}  // namespace mtl
