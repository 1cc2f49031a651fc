#include "backbones/efficientnet/fused/channelwise.h"

#include <ATen/ops/empty.h>

#include "backbones/efficientnet/fused/image_sums.h"
#include "backbones/efficientnet/fused/slots.h"

namespace efficientnet::fused {
namespace {

using kernels::Kernels;

/// Rows that are worth a thread.
constexpr int64_t least_rows = 64;

int64_t rows_of(const at::Tensor& activation) { return activation.numel() / activation.size(3); }

kernels::NormedRows normed(const at::Tensor& z, const NormValues& norm) {
  return {z.data_ptr<float>(), z.size(3), z.size(1) * z.size(2), norm.view()};
}

template <class T = float>
T* pointer(const at::Tensor& tensor) {
  return tensor.defined() ? tensor.data_ptr<T>() : nullptr;
}

}  // namespace

at::Tensor activate_and_pool(const Kernels& with, const at::Tensor& z, const NormValues& norm, const at::Tensor& y) {
  const int64_t rows = rows_of(z);
  const int64_t pixels = z.size(1) * z.size(2);
  const int slots = slots_for(rows, least_rows);
  const ImageSums sums(1, slots, rows, pixels, z.size(3));
  over_slots(slots, [&](int slot) {
    with.channelwise.activate_forward({normed(z, norm), pointer(y), sums.of(0, slot), sums.first_image(slot)},
                                      share(rows, slot, slots));
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
  over_slots(slots, [&](int slot) {
    with.channelwise.activate_backward(
        {normed(z, norm), pointer(dy), pointer(per_pixel), g.data_ptr<float>(), sums.of(slot)},
        share(rows, slot, slots));
  });
  return {std::move(g), std::move(sums)};
}

at::Tensor normalize_and_add(const Kernels& with, const at::Tensor& z, const NormValues& norm, const at::Tensor& factor,
                             const at::Tensor& residual) {
  const int64_t rows = rows_of(z);
  const int slots = slots_for(rows, least_rows);
  at::Tensor y = at::empty_like(z);
  over_slots(slots, [&](int slot) {
    with.channelwise.normalize_forward({normed(z, norm), pointer(factor), pointer(residual), y.data_ptr<float>()},
                                       share(rows, slot, slots));
  });
  return y;
}

SlotSums gradient_sums(const Kernels& with, const at::Tensor& gradient, const at::Tensor& z, const NormValues& norm,
                       const at::Tensor& factor) {
  const int64_t rows = rows_of(z);
  const int slots = slots_for(rows, least_rows);
  SlotSums sums(slots, z.size(3));
  over_slots(slots, [&](int slot) {
    with.channelwise.normalize_backward({normed(z, norm), gradient.data_ptr<float>(), pointer(factor), sums.of(slot)},
                                        share(rows, slot, slots));
  });
  return sums;
}

}  // namespace efficientnet::fused
