#include "backbones/efficientnet/fused/products.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/zeros.h>

#include <algorithm>

#include "backbones/efficientnet/fused/image_sums.h"
#include "backbones/efficientnet/fused/slots.h"
#include "backbones/efficientnet/fused/storage.h"

namespace efficientnet::fused {
namespace {

using kernels::Kernels;
using kernels::KernelsOf;
using kernels::padded;

/// Rows that are worth a thread.
constexpr int64_t least_rows = 64;
/// Values of a matrix that are.
constexpr int64_t least_values = 1 << 14;
/// What is larger is written past the cache: it would be gone before it is read again.
constexpr int64_t streamed_bytes = 4 << 20;

bool streams(const at::Tensor& tensor) { return tensor.numel() * tensor.element_size() > streamed_bytes; }

at::Tensor activation(const at::Tensor& like, int64_t channels) {
  return at::empty({like.size(0), like.size(1), like.size(2), padded(channels)}, like.options());
}

int64_t rows_of(const at::Tensor& activation) { return activation.numel() / activation.size(3); }

template <class T>
at::Tensor packed(const KernelsOf<T>& with, const kernels::MatrixView& matrix) {
  const at::Tensor memory = at::empty({with.products.packed_size(matrix.k, matrix.n)}, at::kFloat);
  const int64_t width = padded(matrix.n);
  const int64_t steps = (width + kernels::pack_step - 1) / kernels::pack_step;
  const int slots = slots_for(matrix.k * width, least_values);
  over_slots(slots, [&](int slot) {
    const kernels::Range part = share(steps, slot, slots);
    with.products.pack(matrix, {part.begin * kernels::pack_step, std::min(width, part.end * kernels::pack_step)},
                       memory.data_ptr<float>());
  });
  return memory;
}

/// What the slots summed up, [slots, padded rows, padded columns], added together: [rows, columns].
at::Tensor total(const at::Tensor& parts, int64_t rows, int64_t columns) {
  const at::Tensor sum = at::empty({rows, columns}, at::kFloat);
  const int slots = slots_for(parts.numel(), least_values);
  over_slots(slots, [&](int slot) {
    const kernels::Range own = share(rows, slot, slots);
    for (int64_t row = own.begin; row < own.end; ++row) {
      const float* part = parts.data_ptr<float>() + row * parts.stride(1);
      float* const out = sum.data_ptr<float>() + row * columns;
      std::copy_n(part, columns, out);
      for (int64_t other = 1; other < parts.size(0); ++other) {
        part += parts.stride(0);
        for (int64_t column = 0; column < columns; ++column) out[column] += part[column];
      }
    }
  });
  return sum;
}

/// A convolution's weight [out, in, ...] as the matrix [in, out] that rows are multiplied with, or its transpose.
kernels::MatrixView matrix_of(const at::Tensor& weight) {
  const int64_t out = weight.size(0);
  const int64_t in = weight.numel() / out;
  return {weight.data_ptr<float>(), in, out, 1, in};
}
kernels::MatrixView transpose_of(const at::Tensor& weight) {
  const int64_t out = weight.size(0);
  const int64_t in = weight.numel() / out;
  return {weight.data_ptr<float>(), out, in, in, 1};
}

/// [out,3,3,3] in the order of the patches: [out, y, x, channel].
at::Tensor in_patch_order(const at::Tensor& weight) { return weight.permute({0, 2, 3, 1}).contiguous(); }

template <class T, class Rows>
Product multiply(const KernelsOf<T>& with,
                 void (*forward)(const Rows&, const kernels::ProductForward<T>&, kernels::Range, float*),
                 const Rows& rows, const at::Tensor& weight, at::Tensor z) {
  const kernels::MatrixView matrix = matrix_of(weight);
  const at::Tensor panels = packed(with, matrix);
  const int64_t count = rows_of(z);
  const int slots = slots_for(count, least_rows);
  const SlotMemory memory(slots, with.products.workspace_size(matrix.k, matrix.n));
  SlotSums sums(slots, matrix.n);
  over_slots(slots, [&](int slot) {
    forward(rows, {panels.data_ptr<float>(), matrix.k, matrix.n, values<T>(z), streams(z), sums.of(slot)},
            share(count, slot, slots), memory.of(slot));
  });
  return {std::move(z), std::move(sums)};
}

/// Gradients of a product; those of the rows only where drows is defined. Returns dmatrix [k, n].
template <class T, class Rows>
at::Tensor multiply_backward(const KernelsOf<T>& with,
                             void (*backward)(const Rows&, const kernels::ProductBackward<T>&, kernels::Range, float*),
                             const Rows& rows, const at::Tensor& gradient, const at::Tensor& z,
                             const NormGradients& norm, const at::Tensor& weight, const at::Tensor& drows,
                             const at::Tensor& residual) {
  const kernels::MatrixView transpose = transpose_of(weight);
  const int64_t n = transpose.k;
  const int64_t k = transpose.n;
  const at::Tensor panels = drows.defined() ? packed(with, transpose) : at::Tensor();
  const int64_t count = rows_of(z);
  const int slots = slots_for(count, least_rows);
  const SlotMemory memory(slots, with.products.workspace_size(k, n));
  const at::Tensor dmatrix = at::zeros({slots, padded(k), padded(n)}, at::kFloat);
  over_slots(slots, [&](int slot) {
    kernels::ProductBackward<T> to{};
    to.gradient = values<T>(gradient);
    to.z = values<T>(z);
    to.norm = norm.view();
    to.k = k;
    to.n = n;
    to.dmatrix = dmatrix.data_ptr<float>() + slot * dmatrix.stride(0);
    if (drows.defined()) {
      to.packed_transposed = panels.data_ptr<float>();
      to.drows = values<T>(drows);
      to.residual = values<T>(residual);
    }
    backward(rows, to, share(count, slot, slots), memory.of(slot));
  });
  return total(dmatrix, k, n);
}

/// Matrices are transposed in strips of as many columns as fill a line of the cache.
constexpr int64_t strip = 16;

/// [rows, columns] -> [columns, rows].
at::Tensor transposed(const at::Tensor& matrix) {
  const int64_t rows = matrix.size(0);
  const int64_t columns = matrix.size(1);
  const at::Tensor result = at::empty({columns, rows}, at::kFloat);
  const float* const from = matrix.data_ptr<float>();
  float* const to = result.data_ptr<float>();
  const int slots = slots_for(matrix.numel(), least_values);
  over_slots(slots, [&](int slot) {
    const kernels::Range own = share(columns, slot, slots);
    for (int64_t begin = own.begin; begin < own.end; begin += strip)
      for (int64_t row = 0; row < rows; ++row)
        for (int64_t column = begin; column < std::min(own.end, begin + strip); ++column)
          to[column * rows + row] = from[row * columns + column];
  });
  return result;
}

kernels::PatchRows patches_of(const at::Tensor& pixels) {
  const int64_t height = pixels.size(1);
  const int64_t width = pixels.size(2);
  return {pixels.data_ptr<float>(), height, width, (height + 1) / 2, (width + 1) / 2};
}

template <class T>
kernels::ActivatedRows<T> activated(const at::Tensor& z, const NormValues& norm, const at::Tensor& gate) {
  return {values<T>(z), norm.view(), values<float>(gate), z.size(1) * z.size(2)};
}

}  // namespace

Product expand(const Kernels& with, const at::Tensor& x, const at::Tensor& weight) {
  return for_storage(with, x, [&]<class T>(const KernelsOf<T>& of) {
    return multiply(of, of.products.forward_plain, kernels::PlainRows<T>{values<T>(x)}, weight,
                    activation(x, weight.size(0)));
  });
}

Product stem(const Kernels& with, const at::Tensor& images, const at::Tensor& weight, at::ScalarType storage) {
  const at::Tensor pixels = images.permute({0, 2, 3, 1}).contiguous();
  const kernels::PatchRows patches = patches_of(pixels);
  const at::Tensor z =
      at::empty({pixels.size(0), patches.out_height, patches.out_width, padded(weight.size(0))}, storage);
  return for_storage(with, z, [&](const auto& of) {
    return multiply(of, of.products.forward_patches, patches, in_patch_order(weight), z);
  });
}

Product project(const Kernels& with, const at::Tensor& z, const NormValues& norm, const at::Tensor& gate,
                const at::Tensor& weight) {
  return for_storage(with, z, [&]<class T>(const KernelsOf<T>& of) {
    return multiply(of, of.products.forward_activated, activated<T>(z, norm, gate), weight,
                    activation(z, weight.size(0)));
  });
}

ProductGradients expand_backward(const Kernels& with, const at::Tensor& gradient, const at::Tensor& z,
                                 const NormGradients& norm, const at::Tensor& x, const at::Tensor& weight,
                                 const at::Tensor& residual) {
  const at::Tensor dx = at::empty_like(x);
  const at::Tensor dmatrix = for_storage(with, x, [&]<class T>(const KernelsOf<T>& of) {
    return multiply_backward(of, of.products.backward_plain, kernels::PlainRows<T>{values<T>(x)}, gradient, z, norm,
                             weight, dx, residual);
  });
  return {dx, transposed(dmatrix).view_as(weight)};
}

at::Tensor stem_backward(const Kernels& with, const at::Tensor& gradient, const at::Tensor& z,
                         const NormGradients& norm, const at::Tensor& images, const at::Tensor& weight) {
  const at::Tensor pixels = images.permute({0, 2, 3, 1}).contiguous();
  const at::Tensor dmatrix = for_storage(with, z, [&](const auto& of) {
    return multiply_backward(of, of.products.backward_patches, patches_of(pixels), gradient, z, norm, weight,
                             at::Tensor(), at::Tensor());
  });
  return transposed(dmatrix).view({weight.size(0), 3, 3, 3}).permute({0, 3, 1, 2}).contiguous();
}

ProjectGradients project_backward(const Kernels& with, const at::Tensor& gradient, const at::Tensor& product,
                                  const NormGradients& product_norm, const at::Tensor& factor, const at::Tensor& z,
                                  const NormValues& norm, const at::Tensor& gate, const at::Tensor& weight) {
  const kernels::MatrixView transpose = transpose_of(weight);
  const int64_t n = transpose.k;
  const int64_t k = transpose.n;
  const int64_t count = rows_of(z);
  const int slots = slots_for(count, least_rows);
  const at::Tensor dmatrix = at::zeros({slots, padded(n), padded(k)}, at::kFloat);
  const ImageSums sums(5, slots, count, z.size(1) * z.size(2), padded(k));
  const at::Tensor t = at::empty_like(z);
  for_storage(with, z, [&]<class T>(const KernelsOf<T>& of) {
    const at::Tensor panels = packed(of, transpose);
    const SlotMemory memory(slots, of.products.workspace_size(k, n));
    over_slots(slots, [&](int slot) {
      const kernels::ExciteSums excite{sums.of(0, slot), sums.of(1, slot), sums.of(2, slot), sums.of(3, slot),
                                       sums.of(4, slot)};
      of.products.backward_project(
          {activated<T>(z, norm, gate), values<T>(gradient), values<T>(product), product_norm.view(),
           values<float>(factor), k, n, values<float>(dmatrix) + slot * dmatrix.stride(0), values<float>(panels),
           values<T>(t), streams(t), excite, sums.first_image(slot)},
          share(count, slot, slots), memory.of(slot));
    });
  });
  return {t, sums.total(), total(dmatrix, n, k).view_as(weight)};
}

}  // namespace efficientnet::fused
