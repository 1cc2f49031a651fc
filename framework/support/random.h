#pragma once

#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <utility>
#include <vector>

namespace mtl {

/// Randomness is a function, not a state: the seed of a stream of draws is a hash of the run's seed, the stream's name
/// and its counters, e.g. derive_seed(1, "augment", {epoch, sample}). The same everywhere, whoever asks, in any order.
uint64_t derive_seed(uint64_t seed, std::string_view stream, std::initializer_list<uint64_t> counters = {});

/// SplitMix64 (Steele, Lea, Flood 2014) with distributions of its own: those of the standard library differ from one
/// library to the next.
class Generator {
 public:
  explicit Generator(uint64_t seed) : state_(seed) {}
  uint64_t next();
  double uniform();                         ///< [0, 1), 53 bits
  double uniform(double low, double high);  ///< [low, high)
  double normal();                          ///< mean 0, deviation 1 (Box-Muller)
  uint64_t below(uint64_t bound);           ///< 0 .. bound-1, unbiased; bound >= 1
  bool chance(double probability) { return uniform() < probability; }
  template <class T>
  void shuffle(std::vector<T>& items) {  // Fisher-Yates
    for (size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[below(i)]);
  }

 private:
  uint64_t state_;
};

}  // namespace mtl
