#pragma once

#include <torch/types.h>

#include <algorithm>
#include <string>
#include <vector>

#include "mtl/error.h"
#include "mtl/task_head.h"

namespace mtl::test {

/// Class indexes of a list of names; it has no layer.
class NamesHead : public TaskHead {
 public:
  explicit NamesHead(std::vector<std::string> names) : names_(std::move(names)) {}
  std::string default_column() const override { return "defect"; }
  at::Tensor encode(const std::string& cell) const override {
    const auto found = std::find(names_.begin(), names_.end(), cell);
    if (found == names_.end()) throw Error("unknown label '" + cell + "'");
    return torch::tensor(static_cast<int64_t>(found - names_.begin()));
  }
  std::string decode(const at::Tensor& target) const override {
    return names_.at(static_cast<size_t>(target.item<int64_t>()));
  }
  bool survives(Augmentation) const override { return true; }
  at::Tensor forward(const Features& features) override { return features.pooled; }
  at::Tensor loss(const at::Tensor& outputs, const at::Tensor&) const override { return outputs.sum(1); }
  std::vector<Prediction> predict(const at::Tensor&) const override { return {}; }
  std::vector<Figure> figures(const at::Tensor&, const at::Tensor&) const override { return {}; }
  ClassList classes() const override { return {names_, std::vector<bool>(names_.size(), false)}; }

 private:
  std::vector<std::string> names_;
};

}  // namespace mtl::test
