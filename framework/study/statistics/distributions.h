#pragma once

#include <cstdint>

#include "framework/study/statistics/interval.h"

namespace mtl {

/// The probability of a Student's t as far from 0 as this one or farther; degrees of freedom need not be whole.
double two_sided_t_p(double t, double degrees_of_freedom);

/// The t that is exceeded with probability `tail`.
double t_upper_quantile(double tail, double degrees_of_freedom);

/// value -/+ the 97.5 % quantile of t standard errors.
Interval t_interval(double value, double standard_error, double degrees_of_freedom);

/// The probability of at most `heads` heads when a fair coin is thrown `throws` times.
double fair_coin_at_most(int64_t heads, int64_t throws);

/// The probability of a chi-square of one degree of freedom as large as this one or larger.
double chi_square_p(double chi_square);

}  // namespace mtl
