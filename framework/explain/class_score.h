#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "framework/model/guarded_head.h"

namespace mtl {

/// What is explained of one picture.
struct ScoreTarget {
  Prediction answer;                   ///< the head's own
  std::optional<int64_t> class_index;  ///< into classes(); none: the head states no probabilities
  std::string class_name;              ///< "": none
  double probability;                  ///< of the class; NaN: none
};

/// The log-odds of a class against all others, log p_c - log(sum of p_k, k != c): probabilities [N,K], classes [N]
/// int64 -> [N] float64. The others are summed as they are and not taken as 1 - p_c, which is 0 long before they are:
/// a network that is sure still has a gradient. It is finite for any probabilities.
at::Tensor log_odds(const at::Tensor& probabilities, const at::Tensor& classes);

/// The one number per picture whose reasons in the pixels are looked for: the log-odds of a class. A head that states
/// no probabilities of two or more classes is explained by the sum of its outputs.
class ClassScore {
 public:
  /// `class_name` is explained in every picture; "": in each the one that the head predicts. Throws mtl::Error where it
  /// is none of the head's classes.
  explicit ClassScore(const GuardedHead& head, const std::string& class_name = "");

  const GuardedHead& head() const { return head_; }
  /// outputs [N,...] -> what is explained of each of N pictures. Throws mtl::Error where a class was named and the head
  /// states no probabilities.
  std::vector<ScoreTarget> targets(const at::Tensor& outputs) const;
  /// outputs [N,...] and their N targets -> scores [N] float64, through which gradients pass.
  at::Tensor values(const at::Tensor& outputs, const std::vector<ScoreTarget>& targets) const;

 private:
  int64_t index_of(const std::string& class_name) const;

  GuardedHead head_;
  std::optional<int64_t> wanted_;
};

}  // namespace mtl
