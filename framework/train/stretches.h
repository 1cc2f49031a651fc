#pragma once

#include <cstdint>
#include <functional>
#include <vector>

namespace mtl {

/// Some neighbouring values of one of many tensors.
struct Stretch {
  size_t tensor;
  int64_t begin;
  int64_t end;
};

/// Loops over the values of many tensors at once, on all threads: an optimizer's tensors are hundreds and mostly small.
class Stretches {
 public:
  Stretches() = default;
  /// `sizes`: values per tensor.
  explicit Stretches(const std::vector<int64_t>& sizes);
  void for_each(const std::function<void(const Stretch&)>& body) const;
  /// The sum of what body returns, added up in the same order whatever the number of threads.
  double sum(const std::function<double(const Stretch&)>& body) const;

 private:
  std::vector<Stretch> all_;
};

}  // namespace mtl
