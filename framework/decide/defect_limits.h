#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "framework/decide/decisions.h"
#include "framework/decide/scored_image.h"

namespace mtl {

struct LimitWish {
  double max_escape;                   ///< 0..1, of the defective parts
  std::optional<double> max_overkill;  ///< 0..1, of the normal parts; none: no part is looked at
  double confidence = 0.95;
  bool observed = false;  ///< the shares of these images alone decide, and nothing is promised of others
};

/// What stands behind one limit.
struct LimitPromise {
  double wanted;         ///< the share that was asked for
  double bound;          ///< the true share is at most this with the wish's confidence; NaN where only observed
  int64_t observations;  ///< parts; images where only observed
  int64_t allowed;       ///< how many of them may be on the wrong side of the limit
};

struct ChosenLimits {
  DefectLimits limits;
  LimitPromise escape;
  std::optional<LimitPromise> overkill;
};

/// Limits that keep a wish, from labelled images like those to come.
///
/// A part is one observation: its photographs are alike. A defective part's score is the least defect probability of
/// its images that show a defect; it escapes where that is under pass_below. With the scores in order, the true escape
/// rate at the k-th of n is distributed as Beta(k, n-k+1), whatever the scores' distribution (Wilks, Annals of
/// Mathematical Statistics 12, 1941: tolerance limits). So with k the largest whose quantile at the confidence is at
/// most max_escape, which n alone decides, the bound holds for the limit that is then read off: choosing costs nothing.
/// The quantile is Clopper and Pearson's bound for k-1 escapes of n. Equal scores only make the true rate smaller.
/// fail_from is found in the same way from the largest scores of the normal parts, and is never below pass_below. Each
/// of two promises holds with the confidence C, both together with 2C-1 at least.
///
/// Throws mtl::Error where a wish is out of range, there is no image of a kind that it needs, or the parts are too few
/// to promise it; the sentence then says what they can promise, and how many it takes.
ChosenLimits choose_limits(const std::vector<ScoredImage>& images, const LimitWish& wish);

/// The lowest share that `parts` parts can promise, all of them on the right side.
double lowest_promise(int64_t parts, double confidence);
/// The fewest parts that can promise a share of at most `share`.
int64_t parts_needed(double share, double confidence);

}  // namespace mtl
