#include "framework/study/statistics/sign_flip.h"

#include <cmath>
#include <cstdint>
#include <limits>
#include <span>

#include "framework/support/random.h"

namespace mtl {
namespace {

constexpr size_t most_pairs_enumerated = 20;
constexpr int drawn_choices = 100'000;

struct Observed {
  double distance;  ///< of the sum from 0, less what rounding may take from an equal one

  explicit Observed(std::span<const double> differences) {
    double sum = 0, absolute = 0;
    for (double difference : differences) sum += difference, absolute += std::abs(difference);
    distance = std::abs(sum) - 1e-12 * absolute;
  }
  bool is_reached_by(double sum) const { return std::abs(sum) >= distance; }
};

/// How many choices of the remaining signs bring the sum as far out as the observed one.
int64_t count_reaching(std::span<const double> rest, double sum, const Observed& observed) {
  if (rest.empty()) return observed.is_reached_by(sum);
  return count_reaching(rest.subspan(1), sum + rest[0], observed) +
         count_reaching(rest.subspan(1), sum - rest[0], observed);
}

double enumerated_p(std::span<const double> differences, const Observed& observed) {
  // A choice and its opposite are equally far from 0: the first sign can stay.
  const int64_t reaching = count_reaching(differences.subspan(1), differences[0], observed);
  return static_cast<double>(reaching) / std::exp2(static_cast<double>(differences.size() - 1));
}

double drawn_p(std::span<const double> differences, const Observed& observed) {
  Generator generator(derive_seed(1, "sign_flip"));
  int64_t reaching = 1;  // the observed choice: a p of 0 would claim more than was drawn
  for (int i = 0; i < drawn_choices; ++i) {
    double sum = 0;
    for (double difference : differences) sum += generator.chance(0.5) ? difference : -difference;
    reaching += observed.is_reached_by(sum);
  }
  return static_cast<double>(reaching) / (drawn_choices + 1);
}

}  // namespace

double sign_flip_p(const std::vector<double>& differences) {
  const Observed observed(differences);
  if (differences.empty() || std::isnan(observed.distance)) return std::numeric_limits<double>::quiet_NaN();
  return differences.size() <= most_pairs_enumerated ? enumerated_p(differences, observed)
                                                     : drawn_p(differences, observed);
}

}  // namespace mtl
