#include "framework/train/gradient_buffers.h"

#include <torch/types.h>
#include <torch/utils.h>

#include <algorithm>

namespace mtl {
namespace {

/// The part of `flat` from `at` on, in the parameter's shape and order in memory.
at::Tensor part_of(const at::Tensor& flat, int64_t at, const at::Tensor& parameter) {
  if (!parameter.is_non_overlapping_and_dense()) return flat.narrow(0, at, parameter.numel()).view(parameter.sizes());
  return flat.as_strided(parameter.sizes(), parameter.strides(), at + flat.storage_offset());
}

}  // namespace

GradientBuffers::GradientBuffers(const std::vector<at::Tensor>& parameters, size_t tasks) : parameters_(parameters) {
  int64_t size = 0;
  for (const at::Tensor& parameter : parameters) size += parameter.numel();
  if (parameters.empty()) return;
  all_ = torch::zeros({static_cast<int64_t>(tasks), size}, parameters.front().options().requires_grad(false));
  rows_ = all_.unbind();
}

void GradientBuffers::clear() {
  const torch::NoGradGuard no_grad;
  all_.zero_();
}

void GradientBuffers::add(size_t task, const std::vector<at::Tensor>& gradients, double factor) {
  const torch::NoGradGuard no_grad;
  int64_t at = 0;
  for (size_t i = 0; i < parameters_.size(); ++i) {
    if (gradients[i].defined()) part_of(rows_[task], at, parameters_[i]).add_(gradients[i], factor);
    at += parameters_[i].numel();
  }
}

/// Rounding adds up over millions of products: stretches are multiplied in double precision, few values at a time, so
/// that no whole row is copied.
std::vector<double> GradientBuffers::gramian() const {
  const torch::NoGradGuard no_grad;
  constexpr int64_t stretch = int64_t{1} << 16;
  at::Tensor sum = torch::zeros({all_.size(0), all_.size(0)}, all_.options().dtype(at::kDouble));
  for (int64_t begin = 0; begin < all_.size(1); begin += stretch) {
    const at::Tensor part = all_.narrow(1, begin, std::min(stretch, all_.size(1) - begin)).to(at::kDouble);
    sum.addmm_(part, part.t());
  }
  const at::Tensor products = sum.to(at::kCPU).contiguous();
  return {products.data_ptr<double>(), products.data_ptr<double>() + products.numel()};
}

at::Tensor GradientBuffers::combine(const std::vector<double>& weights) {
  const torch::NoGradGuard no_grad;
  rows_[0].mul_(weights[0]);
  for (size_t k = 1; k < rows_.size(); ++k)
    if (weights[k] != 0) rows_[0].add_(rows_[k], weights[k]);
  return rows_[0];
}

void GradientBuffers::write(const at::Tensor& flat, double factor) const {
  const torch::NoGradGuard no_grad;
  int64_t at = 0;
  for (const at::Tensor& parameter : parameters_) {
    if (parameter.requires_grad()) {
      const at::Tensor part = part_of(flat, at, parameter);
      parameter.mutable_grad() = factor == 1 ? part.clone() : part * factor;
    }
    at += parameter.numel();
  }
}

}  // namespace mtl
