#include "framework/support/random.h"

#include <cmath>
#include <numbers>

namespace mtl {
namespace {

constexpr uint64_t golden_gamma = 0x9e3779b97f4a7c15;

uint64_t mix(uint64_t z) {
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

}  // namespace

uint64_t derive_seed(uint64_t seed, std::string_view stream, std::initializer_list<uint64_t> counters) {
  uint64_t name = 0xcbf29ce484222325;  // FNV-1a
  for (unsigned char byte : stream) name = (name ^ byte) * 0x100000001b3;
  uint64_t hash = mix(mix(seed + golden_gamma) ^ name);
  for (uint64_t counter : counters) hash = mix(hash + golden_gamma + mix(counter + golden_gamma));
  return hash;
}

uint64_t Generator::next() { return mix(state_ += golden_gamma); }

double Generator::uniform() { return static_cast<double>(next() >> 11) * 0x1p-53; }

double Generator::uniform(double low, double high) { return low + (high - low) * uniform(); }

double Generator::normal() {
  const double radius = std::sqrt(-2 * std::log(1 - uniform()));
  return radius * std::cos(2 * std::numbers::pi * uniform());
}

uint64_t Generator::below(uint64_t bound) {
  const uint64_t rest = -bound % bound;  // 2^64 mod bound: draws below it would favour small results
  uint64_t draw;
  do draw = next();
  while (draw < rest);
  return draw % bound;
}

}  // namespace mtl
