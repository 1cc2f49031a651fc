#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "mtl/backbone.h"
#include "mtl/task_head.h"

namespace mtl {

struct NamedHead {
  std::string task;
  std::shared_ptr<TaskHead> head;
};

struct NamedTensor {
  std::string name;
  at::Tensor tensor;
};

/// One shared feature extractor and a head per task. Its tensors' names are the backbone's own (torchvision's) and
/// "heads.TASK." before each head's.
class MultiTaskModel {
 public:
  MultiTaskModel(std::shared_ptr<Backbone> backbone, std::vector<NamedHead> heads);

  /// images [N,3,H,W] -> outputs per task [N,...]. With `draw_seed`, drop-out draws from it: the backbone's from the
  /// seed itself, each head's from the seed and its task's name, so that adding a head changes no other's draws.
  std::vector<at::Tensor> forward(const at::Tensor& images, std::optional<uint64_t> draw_seed = {});

  void train(bool on = true);
  /// Moves everything there; convolution weights become channels-last.
  void to(const at::Device& device);

  std::vector<NamedTensor> parameters() const;
  std::vector<NamedTensor> state() const;  ///< parameters, then buffers

  Backbone& backbone() { return *backbone_; }
  const std::vector<NamedHead>& heads() const { return heads_; }

 private:
  std::shared_ptr<Backbone> backbone_;
  std::vector<NamedHead> heads_;
};

}  // namespace mtl
