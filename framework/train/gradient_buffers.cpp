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

/// Rounding adds up over millions of products: stretches of float32 are multiplied in double precision on the device,
/// few at a time, so that no whole row is copied.
at::Tensor inner_product(const at::Tensor& a, const at::Tensor& b) {
  constexpr int64_t stretch = int64_t{1} << 16;
  at::Tensor sum = torch::zeros({}, a.options().dtype(at::kDouble));
  for (int64_t begin = 0; begin < a.numel(); begin += stretch) {
    const int64_t count = std::min(stretch, a.numel() - begin);
    sum += a.narrow(0, begin, count).to(at::kDouble).dot(b.narrow(0, begin, count).to(at::kDouble));
  }
  return sum;
}

}  // namespace

GradientBuffers::GradientBuffers(const std::vector<at::Tensor>& parameters, size_t tasks) : parameters_(parameters) {
  int64_t size = 0;
  for (const at::Tensor& parameter : parameters) size += parameter.numel();
  if (parameters.empty()) return;
  for (size_t k = 0; k < tasks; ++k) rows_.push_back(torch::zeros({size}, parameters.front().options()));
}

void GradientBuffers::clear() {
  const torch::NoGradGuard no_grad;
  for (at::Tensor& row : rows_) row.zero_();
}

void GradientBuffers::add(size_t task, const std::vector<at::Tensor>& gradients, double factor) {
  const torch::NoGradGuard no_grad;
  int64_t at = 0;
  for (size_t i = 0; i < parameters_.size(); ++i) {
    if (gradients[i].defined()) part_of(rows_[task], at, parameters_[i]).add_(gradients[i], factor);
    at += parameters_[i].numel();
  }
}

std::vector<double> GradientBuffers::gramian() const {
  const torch::NoGradGuard no_grad;
  const size_t tasks = rows_.size();
  std::vector<at::Tensor> products;
  for (size_t i = 0; i < tasks; ++i)
    for (size_t j = 0; j <= i; ++j) products.push_back(inner_product(rows_[i], rows_[j]));
  const at::Tensor all = torch::stack(products).to(at::kCPU);
  const double* product = all.data_ptr<double>();
  std::vector<double> gramian(tasks * tasks);
  for (size_t i = 0; i < tasks; ++i)
    for (size_t j = 0; j <= i; ++j) gramian[i * tasks + j] = gramian[j * tasks + i] = *product++;
  return gramian;
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
