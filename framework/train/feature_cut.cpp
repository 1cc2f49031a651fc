#include "framework/train/feature_cut.h"

#include <torch/autograd.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace mtl {
namespace {

at::Tensor leaf_of(const at::Tensor& tensor) {
  return tensor.defined() ? tensor.detach().requires_grad_(tensor.requires_grad()) : tensor;
}

at::Tensor scaled(const at::Tensor& gradient, double factor) {
  return gradient.defined() && factor != 1 ? gradient * factor : gradient;
}

void add(at::Tensor& sum, const at::Tensor& part) {
  if (part.defined()) sum = sum.defined() ? sum + part : part;
}

/// What the graph goes back from, and with which gradients.
struct Roots {
  Roots(const Features& features, const Features& gradient) {
    add(features.map, gradient.map);
    add(features.pooled, gradient.pooled);
  }
  void add(const at::Tensor& tensor, const at::Tensor& gradient) {
    if (!tensor.defined() || !tensor.requires_grad() || !gradient.defined()) return;
    tensors.push_back(tensor);
    gradients.push_back(gradient);
  }
  std::vector<at::Tensor> tensors, gradients;
};

}  // namespace

FeatureCut::FeatureCut(const Features& features, size_t tasks) : features_(features) {
  for (size_t k = 0; k < tasks; ++k) leaves_.push_back({leaf_of(features.map), leaf_of(features.pooled)});
}

Features FeatureCut::gradient(size_t task, double factor) const {
  const torch::NoGradGuard no_grad;
  const auto of = [&](const at::Tensor& leaf) { return leaf.defined() ? scaled(leaf.grad(), factor) : leaf; };
  return {of(leaves_[task].map), of(leaves_[task].pooled)};
}

Features FeatureCut::combined(const std::vector<double>& factors) const {
  const torch::NoGradGuard no_grad;
  Features sum;
  for (size_t k = 0; k < leaves_.size(); ++k) {
    if (factors[k] == 0) continue;
    const Features part = gradient(k, factors[k]);
    add(sum.map, part.map);
    add(sum.pooled, part.pooled);
  }
  return sum;
}

void FeatureCut::backward(const Features& gradient) const {
  const Roots roots(features_, gradient);
  if (!roots.tensors.empty()) torch::autograd::backward(roots.tensors, roots.gradients);
}

std::vector<at::Tensor> FeatureCut::gradients_by(const std::vector<at::Tensor>& parameters, const Features& gradient,
                                                 bool keep_graph) const {
  const Roots roots(features_, gradient);
  std::vector<at::Tensor> learning, gradients(parameters.size());
  std::copy_if(parameters.begin(), parameters.end(), std::back_inserter(learning),
               [](const at::Tensor& parameter) { return parameter.requires_grad(); });
  if (roots.tensors.empty() || learning.empty()) return gradients;
  std::vector<at::Tensor> found = torch::autograd::grad(roots.tensors, learning, roots.gradients, keep_graph,
                                                        /*create_graph=*/false, /*allow_unused=*/true);
  for (size_t i = 0, next = 0; i < parameters.size(); ++i)
    if (parameters[i].requires_grad()) gradients[i] = std::move(found[next++]);
  return gradients;
}

}  // namespace mtl
