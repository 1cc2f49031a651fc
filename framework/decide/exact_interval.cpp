#include "framework/decide/exact_interval.h"

#include <boost/math/special_functions/beta.hpp>
#include <string>

#include "mtl/error.h"

namespace mtl {
namespace {

// Long double in between would cost most of the time and give digits that nobody needs.
using Double = boost::math::policies::policy<boost::math::policies::promote_double<false>>;

void require_sense(int64_t found, int64_t of, double confidence) {
  if (found < 0 || found > of)
    throw Error("an interval of " + std::to_string(found) + " of " + std::to_string(of) + " observations has no sense");
  if (!(confidence > 0 && confidence < 1))
    throw Error("a confidence of " + std::to_string(confidence) + " is not between 0 and 1");
}

/// The share that would show `found` or fewer only with the probability `tail`.
double upper(int64_t found, int64_t of, double tail) {
  if (found == of) return 1;
  return boost::math::ibetac_inv(static_cast<double>(found) + 1, static_cast<double>(of - found), tail, Double());
}

/// The share that would show `found` or more only with the probability `tail`.
double lower(int64_t found, int64_t of, double tail) {
  if (found == 0) return 0;
  return boost::math::ibeta_inv(static_cast<double>(found), static_cast<double>(of - found) + 1, tail, Double());
}

}  // namespace

Interval exact_interval(int64_t found, int64_t of, double confidence) {
  require_sense(found, of, confidence);
  const double tail = (1 - confidence) / 2;
  return {lower(found, of, tail), upper(found, of, tail)};
}

double exact_upper_bound(int64_t found, int64_t of, double confidence) {
  require_sense(found, of, confidence);
  return upper(found, of, 1 - confidence);
}

}  // namespace mtl
