#pragma once

#include <vector>

#include "framework/study/statistics/interval.h"

namespace mtl {

/// What is seen in S seeds (rows) and G groups of test images (columns); the mean over all cells is the difference in
/// question. For accuracies a cell is the group's sum of (right - reference right) times G / images.
using Cells = std::vector<std::vector<double>>;

/// A difference between two arms, for new seeds and new parts: both were drawn, and both may have been lucky. The model
/// is that of multi-reader multi-case analysis in radiology (Dorfman, Berbaum and Metz 1992) with seeds as readers and
/// groups as cases. From the mean squares of the cells between seeds, between groups and of the rest, MS_S, MS_G and
/// MS_R:
///
///   variance of the value   V = MS_S / (S G) + max(MS_G - MS_R, 0) / (S G)
///   value / sqrt(V)         is compared with CochranCox of these two parts, of S - 1 and G - 1 degrees of freedom
///
/// The usual degrees of freedom of this model (Hillis 2007) are many where MS_S happens to be small, just where V is
/// too small as well. With few seeds that is frequent: up to 11 % of simulated studies with two seeds, and 8 % of those
/// with three, found a difference where there was none, and up to 29 % and 15 % found any in seven arms after Holm.
/// Cochran and Cox keep the first at 5 % and the second at 6 %, but for runs of very uneven luck
/// (docs/study_statistics.md).
///
/// Where MS_S is 0 and MS_R is not, the seeds' equal means are a coincidence of whole numbers of images: MS_R, which is
/// no more than MS_S but by chance, takes its place.
struct CrossedEstimate {
  double value = 0, standard_error = 0;  ///< the error is NaN with one seed
  double degrees_of_freedom = 0;         ///< of the Student's t with the same 97.5 % quantile; 0 with one seed
  double p = 1;  ///< two-sided, that the value is 0; NaN with one seed: a run's luck cannot be told from an effect
  Interval interval{};  ///< NaN with one seed
  /// Components: V = seed/S + group/G + residual/(S G) where none would be below 0, which is then cut off. With one
  /// seed all is in `group_variance`, with one group in `seed_variance`.
  double seed_variance = 0, group_variance = 0, residual_variance = 0;
};

/// An mtl::Error where there is no cell or rows differ in length. With one seed, with one
/// group, and where the cells do not vary at all and are not 0, how lucky they were cannot be told: error, p and
/// interval are NaN. Where all are 0, p is 1. Where a cell is not a number, nothing is.
CrossedEstimate crossed_estimate(const Cells& cells);

}  // namespace mtl
