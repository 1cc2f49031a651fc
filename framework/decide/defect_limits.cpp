#include "framework/decide/defect_limits.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>

#include "framework/decide/exact_interval.h"
#include "mtl/error.h"

namespace mtl {
namespace {

constexpr double smallest_promise = 1e-6;

/// One side of the decision: which images may be on the wrong side of its limit, and what it is called.
struct Side {
  const char *option, *parts, *images;
  bool is_normal;
};
constexpr Side escape_side{"--max-escape", "defective parts", "images of defects", false};
constexpr Side overkill_side{"--max-overkill", "normal parts", "images of normal parts", true};

/// Defect probabilities in order, those first that come to the wrong side first: for escapes the smallest.
std::vector<double> scores_of(const std::vector<ScoredImage>& images, const Side& side, bool per_image) {
  std::map<size_t, double> worst;
  for (size_t i = 0; i < images.size(); ++i) {
    if (images[i].is_normal != side.is_normal) continue;
    const double p = images[i].defect_probability;
    const auto [entry, is_new] = worst.try_emplace(per_image ? i : images[i].part, p);
    if (!is_new) entry->second = side.is_normal ? std::max(entry->second, p) : std::min(entry->second, p);
  }
  std::vector<double> scores;
  for (const auto& [key, score] : worst) scores.push_back(score);
  std::sort(scores.begin(), scores.end());
  if (side.is_normal) std::reverse(scores.begin(), scores.end());
  return scores;
}

std::string percent(double share) {
  char text[32];
  std::snprintf(text, sizeof text, "%.4g %%", 100 * share);
  return text;
}

/// Rounded up, so that what is read can be promised.
std::string percent_up(double share) {
  const double unit = std::pow(10, std::floor(std::log10(share)) - 2);
  return percent(std::ceil(share / unit) * unit);
}

void require_promise(int64_t parts, double share, double confidence, const Side& side) {
  if (exact_upper_bound(0, parts, confidence) <= share) return;
  throw Error(std::to_string(parts) + " " + side.parts + " are too few to promise " + side.option + " " +
              percent(share) + " at " + percent(confidence) + " confidence: they can promise " +
              percent_up(lowest_promise(parts, confidence)) + " at best, and the wish takes " +
              std::to_string(parts_needed(share, confidence)) + "; give more pictures with --data, a larger " +
              side.option +
              ", a lower --confidence, or choose by these pictures alone, with no promise, with --observed");
}

/// The most that may be on the wrong side so that the bound is still at most `share`.
int64_t allowed_by_promise(int64_t parts, double share, double confidence) {
  int64_t low = 0, high = parts - 1;  // `low` keeps the promise
  while (low < high) {
    const int64_t middle = low + (high - low + 1) / 2;
    if (exact_upper_bound(middle, parts, confidence) <= share)
      low = middle;
    else
      high = middle - 1;
  }
  return low;
}

/// The most of `images` that are at most this share of them; less than all, as the share is less than 1.
int64_t allowed_as_observed(int64_t images, double share) {
  const auto count = static_cast<double>(images);
  auto allowed = static_cast<int64_t>(share * count);
  while (static_cast<double>(allowed + 1) / count <= share) ++allowed;  // the product may be rounded down
  while (allowed > 0 && static_cast<double>(allowed) / count > share) --allowed;
  return allowed;
}

struct ChosenLimit {
  double score;  ///< of the first that is not allowed on the wrong side
  LimitPromise promise;
};

ChosenLimit choose(const std::vector<ScoredImage>& images, double share, const LimitWish& wish, const Side& side) {
  const std::vector<double> scores = scores_of(images, side, wish.observed);
  const auto count = static_cast<int64_t>(scores.size());
  if (count == 0)
    throw Error(std::string("there are no labelled ") + side.images + " to choose a limit from, which " + side.option +
                " asks for; give pictures of them with --data");
  LimitPromise promise{share, std::nan(""), count, 0};
  if (wish.observed) {
    promise.allowed = allowed_as_observed(count, share);
  } else {
    require_promise(count, share, wish.confidence, side);
    promise.allowed = allowed_by_promise(count, share, wish.confidence);
    promise.bound = exact_upper_bound(promise.allowed, count, wish.confidence);
  }
  return {scores[static_cast<size_t>(promise.allowed)], promise};
}

void require_range(double share, const LimitWish& wish, const char* option) {
  const bool is_fine = share < 1 && (wish.observed ? share >= 0 : share >= smallest_promise);
  if (is_fine) return;
  throw Error(
      std::string(option) + " is " + std::to_string(share) + "; a share below 1 is expected" +
      (wish.observed ? ", 0 or more" : ", and to be promised at least 0.000001, as no number of parts can promise 0"));
}

}  // namespace

double lowest_promise(int64_t parts, double confidence) { return exact_upper_bound(0, parts, confidence); }

int64_t parts_needed(double share, double confidence) {
  auto parts = static_cast<int64_t>(std::ceil(std::log1p(-confidence) / std::log1p(-share)));
  while (parts > 1 && exact_upper_bound(0, parts - 1, confidence) <= share) --parts;  // the quotient is rounded
  while (exact_upper_bound(0, parts, confidence) > share) ++parts;
  return parts;
}

ChosenLimits choose_limits(const std::vector<ScoredImage>& images, const LimitWish& wish) {
  require_range(wish.max_escape, wish, escape_side.option);
  if (wish.max_overkill) require_range(*wish.max_overkill, wish, overkill_side.option);
  // Of the limits that keep the escape rate, the largest has the least overkill: raising a limit lets only more parts
  // pass, so fewer normal ones are stopped by it, and no lower limit stops fewer.
  const ChosenLimit pass = choose(images, wish.max_escape, wish, escape_side);
  ChosenLimits chosen{{pass.score, pass.score}, pass.promise, std::nullopt};
  if (!wish.max_overkill) return chosen;
  const ChosenLimit fail = choose(images, *wish.max_overkill, wish, overkill_side);
  // Just above the score: a part that is equal to it does not fail, so equal scores make the true rate only smaller.
  const double above = std::nextafter(fail.score, DefectLimits::never);
  chosen.limits.fail_from = above > 1 ? DefectLimits::never : std::max(above, pass.score);
  chosen.overkill = fail.promise;
  return chosen;
}

}  // namespace mtl
