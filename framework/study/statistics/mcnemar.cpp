#include "framework/study/statistics/mcnemar.h"

#include <algorithm>
#include <cmath>

#include "framework/study/statistics/distributions.h"
#include "mtl/error.h"

namespace mtl {
namespace {

constexpr int64_t most_images_exact = 1000;

double exact_p(int64_t better, int64_t worse) {
  return std::min(1.0, 2 * fair_coin_at_most(std::min(better, worse), better + worse));
}

double corrected_chi_square_p(int64_t better, int64_t worse) {
  const double distance = std::max(0.0, std::abs(static_cast<double>(better - worse)) - 1);
  return chi_square_p(distance * distance / static_cast<double>(better + worse));
}

}  // namespace

McNemar mcnemar(int64_t better, int64_t worse) {
  if (better < 0 || worse < 0) throw Error("McNemar's test counts images: a count cannot be negative");
  const bool is_exact = better + worse <= most_images_exact;
  return {better, worse, is_exact ? exact_p(better, worse) : corrected_chi_square_p(better, worse), is_exact};
}

}  // namespace mtl
