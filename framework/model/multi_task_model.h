#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "framework/model/guarded_head.h"
#include "framework/model/named_tensor.h"
#include "mtl/backbone.h"

namespace mtl {

/// One shared feature extractor and a head per task. Its tensors' names are the backbone's own (torchvision's) and
/// "heads.TASK." before each head's.
class MultiTaskModel {
 public:
  /// `library` is the file that the backbone comes from, for sentences about it.
  MultiTaskModel(std::shared_ptr<Backbone> backbone, std::vector<GuardedHead> heads, const std::string& library = "");

  /// images [N,3,H,W] -> outputs per task [N,...]. With `draw_seed`, drop-out draws from it: the backbone's from the
  /// seed itself, each head's from the seed and its task's name, so that adding a head changes no other's draws. Throws
  /// mtl::Error for what a plugin does wrong.
  std::vector<at::Tensor> forward(const at::Tensor& images, std::optional<uint64_t> draw_seed = {});
  /// The same from features that were computed before.
  std::vector<at::Tensor> forward(const Features& features, std::optional<uint64_t> draw_seed = {});
  /// The same from features that are each head's own, [T].
  std::vector<at::Tensor> forward(const std::vector<Features>& features, std::optional<uint64_t> draw_seed);
  /// The backbone's part; without gradients where none of its parameters asks for one.
  Features features(const at::Tensor& images);

  void train(bool on = true);
  /// Moves everything there; convolution weights become channels-last.
  void to(const at::Device& device);

  std::vector<NamedTensor> parameters() const;
  std::vector<NamedTensor> state() const;  ///< parameters, then buffers

  Backbone& backbone() { return *backbone_; }
  const std::vector<GuardedHead>& heads() const { return heads_; }

 private:
  std::string who_;
  std::shared_ptr<Backbone> backbone_;
  std::vector<GuardedHead> heads_;
};

}  // namespace mtl
