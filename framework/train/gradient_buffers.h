#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

namespace mtl {

/// The tasks' gradients on the same parameters, one after another in a row of memory per task that is used again from
/// step to step.
class GradientBuffers {
 public:
  /// Rows of as many values as `parameters` have, frozen ones too, so that their length stays the same in a training.
  GradientBuffers(const std::vector<at::Tensor>& parameters, size_t tasks);

  void clear();
  /// Adds factor x gradients, one for each parameter and undefined where there is none, to a task's row.
  void add(size_t task, const std::vector<at::Tensor>& gradients, double factor);
  /// [T,T], row by row: inner products in double precision. Waits for the device.
  std::vector<double> gramian() const;
  /// [T] rows of [P].
  const std::vector<at::Tensor>& rows() const { return rows_; }
  /// The sum over the tasks of weight x row, [P], in the first row's memory: the rows are spent.
  at::Tensor combine(const std::vector<double>& weights);
  /// Makes factor x `flat` [P] the own gradients of the parameters that ask for one.
  void write(const at::Tensor& flat, double factor) const;

 private:
  std::vector<at::Tensor> parameters_;
  at::Tensor all_;  // [T,P]
  std::vector<at::Tensor> rows_;
};

}  // namespace mtl
