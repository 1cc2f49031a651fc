#include "backbones/efficientnet/fused/channelwise.h"

#include <ATen/ops/empty.h>

#include "backbones/efficientnet/fused/image_sums.h"
#include "backbones/efficientnet/fused/slots.h"
#include "backbones/efficientnet/fused/storage.h"

namespace efficientnet::fused {
namespace {

using kernels::Kernels;
using kernels::KernelsOf;

/// Rows that are worth a thread.
constexpr int64_t least_rows = 64;

int64_t rows_of(const at::Tensor& activation) { return activation.numel() / activation.size(3); }

template <class T>
kernels::NormedRows<T> normed(const at::Tensor& z, const NormValues& norm) {
  return {values<T>(z), z.size(3), z.size(1) * z.size(2), norm.view()};
}

}  // namespace

at::Tensor activate_and_pool(const Kernels& with, const at::Tensor& z, const NormValues& norm, const at::Tensor& y) {
  const int64_t rows = rows_of(z);
  const int64_t pixels = z.size(1) * z.size(2);
  const int slots = slots_for(rows, least_rows);
  const ImageSums sums(1, slots, rows, pixels, z.size(3));
  for_storage(with, z, [&]<class T>(const KernelsOf<T>& of) {
    over_slots(slots, [&](int slot) {
      of.channelwise.activate_forward({normed<T>(z, norm), values<T>(y), sums.of(0, slot), sums.first_image(slot)},
                                      share(rows, slot, slots));
    });
  });
  return sums.total()[0].div_(pixels);
}

ActivationGradient activate_and_pool_backward(const Kernels& with, const at::Tensor& z, const NormValues& norm,
                                              const at::Tensor& dy, const at::Tensor& dpool) {
  const int64_t rows = rows_of(z);
  const int slots = slots_for(rows, least_rows);
  at::Tensor g = at::empty_like(z);
  SlotSums sums(slots, z.size(3));
  const at::Tensor per_pixel = dpool.defined() ? dpool.div(z.size(1) * z.size(2)) : dpool;
  for_storage(with, z, [&]<class T>(const KernelsOf<T>& of) {
    over_slots(slots, [&](int slot) {
      of.channelwise.activate_backward(
          {normed<T>(z, norm), values<T>(dy), values<float>(per_pixel), values<T>(g), sums.of(slot)},
          share(rows, slot, slots));
    });
  });
  return {std::move(g), std::move(sums)};
}

at::Tensor normalize_and_add(const Kernels& with, const at::Tensor& z, const NormValues& norm, const at::Tensor& factor,
                             const at::Tensor& residual) {
  const int64_t rows = rows_of(z);
  const int slots = slots_for(rows, least_rows);
  at::Tensor y = at::empty_like(z);
  for_storage(with, z, [&]<class T>(const KernelsOf<T>& of) {
    over_slots(slots, [&](int slot) {
      of.channelwise.normalize_forward({normed<T>(z, norm), values<float>(factor), values<T>(residual), values<T>(y)},
                                       share(rows, slot, slots));
    });
  });
  return y;
}

SlotSums gradient_sums(const Kernels& with, const at::Tensor& gradient, const at::Tensor& z, const NormValues& norm,
                       const at::Tensor& factor) {
  const int64_t rows = rows_of(z);
  const int slots = slots_for(rows, least_rows);
  SlotSums sums(slots, z.size(3));
  for_storage(with, z, [&]<class T>(const KernelsOf<T>& of) {
    over_slots(slots, [&](int slot) {
      of.channelwise.normalize_backward({normed<T>(z, norm), values<T>(gradient), values<float>(factor), sums.of(slot)},
                                        share(rows, slot, slots));
    });
  });
  return sums;
}

}  // namespace efficientnet::fused
