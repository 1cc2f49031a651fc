#include "framework/model/multi_task_model.h"

#include <torch/utils.h>

#include <utility>

#include "framework/support/failure.h"
#include "framework/support/random.h"

namespace mtl {
namespace {

template <class Dict>
void append(std::vector<NamedTensor>& to, const std::string& prefix, const Dict& from) {
  for (const auto& item : from) to.push_back({prefix + item.key(), item.value()});
}

void move(torch::nn::Module& module, const at::Device& device) {
  module.to(device);
  for (at::Tensor& parameter : module.parameters())
    if (parameter.dim() == 4) parameter.set_data(parameter.data().contiguous(at::MemoryFormat::ChannelsLast));
}

}  // namespace

MultiTaskModel::MultiTaskModel(std::shared_ptr<Backbone> backbone, std::vector<NamedHead> heads)
    : backbone_(std::move(backbone)), heads_(std::move(heads)) {}

std::vector<at::Tensor> MultiTaskModel::forward(const at::Tensor& images, std::optional<uint64_t> draw_seed) {
  if (draw_seed) torch::manual_seed(*draw_seed);
  const Features features = blaming("the backbone", [&] { return backbone_->forward(images); });
  std::vector<at::Tensor> outputs;
  for (const NamedHead& head : heads_) {
    if (draw_seed) torch::manual_seed(derive_seed(*draw_seed, head.task));
    outputs.push_back(blaming("task '" + head.task + "'", [&] { return head.head->forward(features); }));
  }
  return outputs;
}

void MultiTaskModel::train(bool on) {
  backbone_->train(on);
  for (const NamedHead& head : heads_) head.head->train(on);
}

void MultiTaskModel::to(const at::Device& device) {
  move(*backbone_, device);
  for (const NamedHead& head : heads_) move(*head.head, device);
}

std::vector<NamedTensor> MultiTaskModel::parameters() const {
  std::vector<NamedTensor> all;
  append(all, "", backbone_->named_parameters());
  for (const NamedHead& head : heads_) append(all, "heads." + head.task + ".", head.head->named_parameters());
  return all;
}

std::vector<NamedTensor> MultiTaskModel::state() const {
  std::vector<NamedTensor> all = parameters();
  append(all, "", backbone_->named_buffers());
  for (const NamedHead& head : heads_) append(all, "heads." + head.task + ".", head.head->named_buffers());
  return all;
}

}  // namespace mtl
