#pragma once

#include <vector>

#include "mtl/features.h"

namespace mtl {

/// A batch's graph, cut between the shared part and the heads: each head reads leaves of its own, so that one backward
/// pass through the heads gives every task's gradient by the features apart from the others'.
class FeatureCut {
 public:
  FeatureCut(const Features& features, size_t tasks);

  /// Whether the shared part learns.
  bool reaches_parameters() const {
    const auto asks = [](const at::Tensor& tensor) { return tensor.defined() && tensor.requires_grad(); };
    return asks(features_.map) || asks(features_.pooled);
  }
  const std::vector<Features>& leaves() const { return leaves_; }  ///< [T], for the heads
  /// The gradient that backward left at a task's leaves, times `factor`; parts that the head did not read are
  /// undefined.
  Features gradient(size_t task, double factor = 1) const;
  /// The sum over the tasks of factor x gradient.
  Features combined(const std::vector<double>& factors) const;

  /// Goes on backward with these gradients at the features: into the parameters' own gradients.
  void backward(const Features& gradient) const;
  /// Likewise, but returns the gradients by `parameters`, undefined where one is frozen or not reached.
  std::vector<at::Tensor> gradients_by(const std::vector<at::Tensor>& parameters, const Features& gradient,
                                       bool keep_graph) const;

 private:
  Features features_;
  std::vector<Features> leaves_;
};

}  // namespace mtl
