#pragma once

namespace mtl {

/// A variance as it was estimated, and from how much.
struct VariancePart {
  double variance, degrees_of_freedom;
};

/// The distribution to compare value / sqrt(V) with, where V is the sum of two estimated variances (Cochran and Cox,
/// Experimental Designs, 1950; the COCHRAN option of SAS's t-test): each quantile is the mean of the two parts'
/// quantiles of Student's t, weighted by the variances. It is known to find too little rather than too much. Variances
/// are not below 0, and one is above.
class CochranCox {
 public:
  CochranCox(VariancePart first, VariancePart second) : first_(first), second_(second) {}

  double standard_error() const;
  double upper_quantile(double tail) const;  ///< what is exceeded with probability `tail`
  double two_sided_p(double t) const;
  double degrees_of_freedom() const;  ///< of the Student's t with the same 97.5 % quantile

 private:
  VariancePart first_, second_;
};

}  // namespace mtl
