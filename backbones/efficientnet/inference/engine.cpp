#include "backbones/efficientnet/inference/engine.h"

#include <ATen/Parallel.h>
#include <ATen/ops/empty.h>

#include <type_traits>
#include <utility>

#include "backbones/efficientnet/fused/storage.h"

namespace efficientnet::inference {
namespace {

using fused::values;
using kernels::DepthwiseShape;
using kernels::InferencePart;
using kernels::padded;

template <class T>
constexpr at::ScalarType storage = std::is_same_v<T, kernels::bfloat16> ? at::kBFloat16 : at::kFloat;

/// Members that split the rows compute the rows at their borders twice; members that split the channels may get one
/// step more than others.
bool better_by_rows(const DepthwiseShape& shape, const Team& team) {
  if (team.size == 1) return true;
  const auto rows = static_cast<double>((shape.out_height() + team.size - 1) / team.size * shape.stride + shape.kernel -
                                        shape.stride);
  return rows / static_cast<double>(shape.height) < largest_share(channel_steps(shape.channels), team);
}

/// Each member reads all of the matrix, or all of the rows: the smaller of the two.
bool better_by_pixels(int64_t pixels, int64_t outputs, const Team& team) {
  return pixels >= outputs || channel_steps(outputs) < team.size;
}

}  // namespace

template <class T>
Engine<T>::Engine(const kernels::KernelsOf<T>& with, const std::vector<fused::Block>& blocks,
                  const fused::NormedConvolution& last)
    : with_(with), last_(folded_product(with, last)) {
  for (const fused::Block& block : blocks) blocks_.push_back(folded(with, block));
}

template <class T>
T* Engine<T>::inside(const Team& team) const {
  return values<T>(insides_) + team.first * insides_.size(1);
}

template <class T>
void Engine<T>::prepare(int64_t height, int64_t width, int threads) {
  if (plan_.height == height && plan_.width == width && threads_ == threads) return;
  plan_ = plan_for(with_, blocks_, last_, height, width);
  threads_ = threads;
  outputs_ = at::empty({threads, 2, padded(plan_.largest_output)}, storage<T>);
  insides_ = at::empty({threads, padded(plan_.largest_inside)}, storage<T>);
  sums_ = at::empty({threads, plan_.channels}, at::kFloat);
  gates_ = at::empty({threads, plan_.channels}, at::kFloat);
  workspaces_ = at::empty({threads, padded(plan_.workspace_floats)}, at::kFloat);
}

template <class T>
void Engine<T>::convolve(const FoldedBlock& block, const DepthwiseShape& shape, const Image& image, const T* x,
                         const Team& team, bool by_rows) {
  const bool expands = block.entry_kind != fused::Entry::none;
  team.each([&](int member) {
    const InferencePart part =
        (by_rows ? part_by_rows : part_by_channels)(shape.out_height(), shape.channels, member, team);
    const kernels::ExpandAndConvolve<T> to{shape,
                                           expands ? block.entry.as_product() : kernels::FoldedProduct{},
                                           values<float>(block.depthwise.packed),
                                           values<float>(block.depthwise.bias),
                                           inside(team),
                                           sums(team) + (by_rows ? member * shape.channels : 0)};
    float* const memory = workspace(team, member);
    if (block.entry_kind == fused::Entry::stem)
      with_.inference.stem_and_convolve({image.pixels, plan_.height, plan_.width, shape.height, shape.width}, to, part,
                                        memory);
    else
      (expands ? with_.inference.expand_and_convolve : with_.inference.convolve)({x}, to, part, memory);
  });
}

template <class T>
void Engine<T>::project(const FoldedBlock& block, const DepthwiseShape& shape, const T* x, T* y, const Team& team,
                        int parts) {
  const int64_t pixels = shape.out_height() * shape.out_width();
  const bool by_pixels = better_by_pixels(pixels, block.project.n, team);
  team.each([&](int member) {
    float* const own_gate = gate(team, member);
    float* const memory = workspace(team, member);
    // Every member works the gate out for itself: to wait for one of them would take longer.
    with_.inference.excite(
        {sums(team), parts, pixels, shape.channels, block.squeezed, values<float>(block.reduce),
         values<float>(block.reduce_bias), values<float>(block.excite), values<float>(block.excite_bias), own_gate},
        memory);
    with_.inference.project(
        {{inside(team), own_gate}, block.project.as_product(), block.has_residual ? x : nullptr, y},
        (by_pixels ? part_by_rows : part_by_channels)(pixels, padded(block.project.n), member, team), memory);
  });
}

template <class T>
void Engine<T>::last(const Image& image, const T* x, const Team& team) {
  team.each([&](int member) {
    with_.inference.last({{x}, last_.as_product(), image.map, image.pooled},
                         part_by_channels(plan_.map_height * plan_.map_width, last_.n, member, team),
                         workspace(team, member));
  });
}

template <class T>
void Engine<T>::compute(const Image& image, const Team& team) {
  T* x = values<T>(outputs_) + team.first * outputs_.stride(0);
  T* y = x + outputs_.stride(1);
  for (size_t b = 0; b < blocks_.size(); ++b) {
    const DepthwiseShape& shape = plan_.shapes[b];
    const bool by_rows = better_by_rows(shape, team);
    convolve(blocks_[b], shape, image, x, team, by_rows);
    project(blocks_[b], shape, x, y, team, by_rows ? team.size : 1);
    std::swap(x, y);
  }
  last(image, x, team);
}

template <class T>
fused::LastFeatures Engine<T>::run(const at::Tensor& images) {
  const at::Tensor pixels = images.permute({0, 2, 3, 1}).contiguous();
  const int64_t count = pixels.size(0);
  prepare(pixels.size(1), pixels.size(2), at::get_num_threads());
  const at::Tensor map = at::empty({count, plan_.map_height, plan_.map_width, last_.n}, at::kFloat);
  const at::Tensor pooled = at::empty({count, last_.n}, at::kFloat);
  const auto image = [&](int64_t i) {
    return Image{values<float>(pixels) + i * pixels.stride(0), values<float>(map) + i * map.stride(0),
                 values<float>(pooled) + i * last_.n};
  };
  const int64_t dealt = count / threads_ * threads_;
  const Team all{0, threads_};
  if (dealt > 0)
    all.each([&](int member) {
      const kernels::Range own = share(dealt, member, all);
      for (int64_t i = own.begin; i < own.end; ++i) compute(image(i), {member, 1});
    });
  for (int64_t i = dealt; i < count; ++i) compute(image(i), all);
  return {map.permute({0, 3, 1, 2}), pooled};
}

template class Engine<float>;
template class Engine<kernels::bfloat16>;

}  // namespace efficientnet::inference
