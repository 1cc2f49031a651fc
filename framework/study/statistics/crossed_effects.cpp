#include "framework/study/statistics/crossed_effects.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "framework/study/statistics/cochran_cox.h"
#include "mtl/error.h"

namespace mtl {
namespace {

void check(const Cells& cells) {
  if (cells.empty() || cells[0].empty()) throw Error("a difference over seeds and groups has no cell to look at");
  for (const auto& row : cells)
    if (row.size() != cells[0].size())
      throw Error("a difference has " + std::to_string(cells[0].size()) + " groups in one seed and " +
                  std::to_string(row.size()) + " in another; each seed is to see the same groups");
}

struct Means {
  std::vector<double> by_seed, by_group;
  double all = 0;
};

Means means_of(const Cells& cells) {
  const auto seeds = static_cast<double>(cells.size()), groups = static_cast<double>(cells[0].size());
  Means means{std::vector<double>(cells.size()), std::vector<double>(cells[0].size())};
  for (size_t s = 0; s < cells.size(); ++s)
    for (size_t g = 0; g < cells[0].size(); ++g) {
      means.by_seed[s] += cells[s][g] / groups;
      means.by_group[g] += cells[s][g] / seeds;
      means.all += cells[s][g] / (seeds * groups);
    }
  return means;
}

/// Mean squares of the two-way analysis of variance without replication; 0 where there is no degree of freedom.
struct MeanSquares {
  double seeds = 0, groups = 0, rest = 0;

  double group_part() const { return std::max(groups - rest, 0.0); }
};

double square(double x) { return x * x; }

double over(double sum, double degrees_of_freedom) { return degrees_of_freedom > 0 ? sum / degrees_of_freedom : 0; }

MeanSquares sums_of_squares(const Cells& cells, const Means& means) {
  MeanSquares sums;
  for (size_t s = 0; s < cells.size(); ++s)
    for (size_t g = 0; g < cells[0].size(); ++g) {
      sums.seeds += square(means.by_seed[s] - means.all);
      sums.groups += square(means.by_group[g] - means.all);
      sums.rest += square(cells[s][g] - means.by_seed[s] - means.by_group[g] + means.all);
    }
  return sums;
}

/// Below this a sum of squares is rounding: whole numbers of images differ by far more.
double rounding_of(const Cells& cells) {
  double squares = 0;
  for (const auto& row : cells)
    for (double cell : row) squares += square(cell);
  return 1e-20 * squares;
}

MeanSquares mean_squares(const Cells& cells, const Means& means) {
  const auto seeds = static_cast<double>(cells.size()), groups = static_cast<double>(cells[0].size());
  const double rounding = rounding_of(cells);
  const auto cleaned = [&](double sum) { return sum > rounding ? sum : 0; };
  const MeanSquares sums = sums_of_squares(cells, means);
  return {over(cleaned(sums.seeds), seeds - 1), over(cleaned(sums.groups), groups - 1),
          over(cleaned(sums.rest), (seeds - 1) * (groups - 1))};
}

CochranCox reference_of(const MeanSquares& ms, double seeds, double groups) {
  const double cells = seeds * groups, seed_part = ms.seeds > 0 ? ms.seeds : ms.rest;
  return {{seed_part / cells, seeds - 1}, {ms.group_part() / cells, groups - 1}};
}

void judge(CrossedEstimate& estimate, const CochranCox& reference) {
  estimate.standard_error = reference.standard_error();
  estimate.p = reference.two_sided_p(estimate.value / estimate.standard_error);
  estimate.degrees_of_freedom = reference.degrees_of_freedom();
  const double reach = reference.upper_quantile(0.025) * estimate.standard_error;
  estimate.interval = {estimate.value - reach, estimate.value + reach};
}

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// Cells that are all 0 show no difference; cells that are all the same otherwise cannot say how much luck was in them.
void judge_without_variance(CrossedEstimate& estimate) {
  const bool is_equal = estimate.value == 0;
  estimate.p = is_equal ? 1 : nan;
  estimate.standard_error = is_equal ? 0 : nan;
  estimate.interval = is_equal ? Interval{0, 0} : Interval{nan, nan};
}

CrossedEstimate of_no_number() { return {nan, nan, 0, nan, {nan, nan}, nan, nan, nan}; }

/// One seed, or one group: how much the other seeds, or parts, would differ cannot be told.
CrossedEstimate of_one_row(double value, const Cells& cells, const MeanSquares& ms) {
  CrossedEstimate estimate{value, nan, 0, nan, {nan, nan}};
  if (cells.size() == 1) estimate.group_variance = ms.groups;
  if (cells[0].size() == 1) estimate.seed_variance = ms.seeds;
  return estimate;
}

}  // namespace

CrossedEstimate crossed_estimate(const Cells& cells) {
  check(cells);
  const auto seeds = static_cast<double>(cells.size()), groups = static_cast<double>(cells[0].size());
  const Means means = means_of(cells);
  if (!std::isfinite(means.all)) return of_no_number();
  const MeanSquares ms = mean_squares(cells, means);
  if (cells.size() == 1 || cells[0].size() == 1) return of_one_row(means.all, cells, ms);
  CrossedEstimate estimate;
  estimate.value = means.all;
  if (ms.seeds + ms.groups + ms.rest > 0)
    judge(estimate, reference_of(ms, seeds, groups));
  else
    judge_without_variance(estimate);
  estimate.seed_variance = std::max(ms.seeds - ms.rest, 0.0) / groups;
  estimate.group_variance = ms.group_part() / seeds;
  estimate.residual_variance = ms.rest;
  return estimate;
}

}  // namespace mtl
