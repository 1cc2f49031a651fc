#pragma once

#include <vector>

#include "backbones/efficientnet/inference/folded_block.h"
#include "backbones/efficientnet/inference/plan.h"
#include "backbones/efficientnet/inference/team.h"

namespace efficientnet::inference {

/// A folded network and the memory it computes in, which is taken at the first image of a size and kept. Activations
/// between the blocks are stored as T. One call at a time.
template <class T>
class Engine {
 public:
  Engine(const kernels::KernelsOf<T>& with, const std::vector<fused::Block>& blocks,
         const fused::NormedConvolution& last);

  /// images [N,3,H,W] float32. As many whole images as there are threads are computed at a time, one by each; what is
  /// left over, such as a single image, is shared by all threads.
  fused::LastFeatures run(const at::Tensor& images);

 private:
  struct Image {
    const float* pixels;  // [H,W,3]
    float* map;           // [map height, map width, F]
    float* pooled;        // [F]
  };

  void prepare(int64_t height, int64_t width, int threads);
  void compute(const Image& image, const Team& team);
  void convolve(const FoldedBlock& block, const kernels::DepthwiseShape& shape, const Image& image, const T* x,
                const Team& team, bool by_rows);
  void project(const FoldedBlock& block, const kernels::DepthwiseShape& shape, const T* x, T* y, const Team& team,
               int parts);
  void last(const Image& image, const T* x, const Team& team);

  T* inside(const Team& team) const;
  float* sums(const Team& team) const { return sums_.data_ptr<float>() + team.first * plan_.channels; }
  float* gate(const Team& team, int member) const {
    return gates_.data_ptr<float>() + (team.first + member) * plan_.channels;
  }
  float* workspace(const Team& team, int member) const {
    return workspaces_.data_ptr<float>() + (team.first + member) * workspaces_.size(1);
  }

  kernels::KernelsOf<T> with_;
  std::vector<FoldedBlock> blocks_;
  FoldedConvolution last_;

  Plan plan_;
  int threads_ = 0;
  at::Tensor outputs_;     // [threads, 2, values between two blocks]
  at::Tensor insides_;     // [threads, values inside a block]
  at::Tensor sums_;        // [threads, channels]
  at::Tensor gates_;       // [threads, channels]
  at::Tensor workspaces_;  // [threads, floats]
};

}  // namespace efficientnet::inference
