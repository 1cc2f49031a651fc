#pragma once

#include <cmath>
#include <cstdint>

namespace mtl::weightings {

/// Random numbers as a function of seed and step: SplitMix64 (Steele, Lea and Flood, OOPSLA 2014), the same on every
/// machine.
class Draws {
 public:
  Draws(uint64_t seed, int64_t step) : state_(mixed(seed) ^ mixed(static_cast<uint64_t>(step) + 0x632be59bd9b4e019U)) {}

  double uniform() { return static_cast<double>(next() >> 11) * 0x1p-53; }  ///< in [0, 1)
  uint64_t below(uint64_t count) { return next() % count; }                 ///< count is small: its bias is nothing
  /// Standard normal (Box and Muller, 1958).
  double normal() {
    const double radius = std::sqrt(-2 * std::log(1 - uniform()));
    return radius * std::cos(2 * 3.14159265358979323846 * uniform());
  }

 private:
  static uint64_t mixed(uint64_t z) {
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31);
  }
  uint64_t next() { return mixed(state_ += 0x9e3779b97f4a7c15U); }

  uint64_t state_;
};

}  // namespace mtl::weightings
