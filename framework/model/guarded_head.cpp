#include "framework/model/guarded_head.h"

#include <algorithm>
#include <sstream>
#include <utility>

#include "mtl/error.h"
#include "mtl/text.h"
#include "plugins/host/plugin_call.h"

namespace mtl {
namespace {

/// "shape [3, 2] and type Long", or that there is no tensor.
std::string description(const at::Tensor& tensor) {
  if (!tensor.defined()) return "no tensor";
  std::ostringstream text;
  text << "shape " << tensor.sizes() << " and type " << tensor.scalar_type();
  return text.str();
}

bool has_rows(const at::Tensor& tensor, int64_t count) {
  return tensor.defined() && tensor.is_floating_point() && tensor.dim() > 0 && tensor.size(0) == count;
}

}  // namespace

GuardedHead::GuardedHead(std::string task, std::shared_ptr<TaskHead> head, const std::string& library)
    : task_(std::move(task)),
      who_("task " + in_quotes(task_) + (library.empty() ? "" : " (" + library + ")")),
      head_(std::move(head)),
      classes_(host::call_plugin(who_ + ": its classes()", [&] { return head_->classes(); })) {
  if (classes_.names.size() != classes_.normal.size())
    throw Error(who_ + ": its classes() has " + std::to_string(classes_.names.size()) + " names and says of " +
                std::to_string(classes_.normal.size()) + " whether they are normal");
}

std::string GuardedHead::default_column() const {
  return host::call_plugin(who_ + ": its default_column()", [&] { return head_->default_column(); });
}

bool GuardedHead::survives(Augmentation augmentation) const {
  return host::call_plugin(who_ + ": its survives()", [&] { return head_->survives(augmentation); });
}

void GuardedHead::prepare(const at::Tensor& targets) const {
  host::call_plugin(who_ + ": its prepare()", [&] { head_->prepare(targets); });
}

at::Tensor GuardedHead::forward(const Features& features) const {
  at::Tensor outputs = host::call_plugin(who_ + ": its forward()", [&] { return head_->forward(features); });
  const int64_t images = features.pooled.size(0);
  if (!has_rows(outputs, images))
    throw Error(who_ + ": its forward() gives " + description(outputs) +
                "; expected floating-point numbers, a row for each of " + std::to_string(images) + " images");
  if (features.pooled.requires_grad() && !outputs.requires_grad())
    throw Error(who_ + ": its forward() passes no gradient on, so that nothing would be learnt from it");
  return outputs;
}

at::Tensor GuardedHead::loss(const at::Tensor& outputs, const at::Tensor& targets) const {
  at::Tensor loss = host::call_plugin(who_ + ": its loss()", [&] { return head_->loss(outputs, targets); });
  if (!has_rows(loss, targets.size(0)) || loss.dim() != 1)
    throw Error(who_ + ": its loss() gives " + description(loss) + "; expected one float per sample, [" +
                std::to_string(targets.size(0)) + "]");
  if (outputs.requires_grad() && !loss.requires_grad())
    throw Error(who_ + ": its loss() does not depend on the outputs, so that nothing would be learnt from it");
  return loss;
}

std::vector<Prediction> GuardedHead::predict(const at::Tensor& outputs) const {
  std::vector<Prediction> predictions =
      host::call_plugin(who_ + ": its predict()", [&] { return head_->predict(outputs); });
  const auto images = static_cast<size_t>(outputs.size(0));
  if (predictions.size() != images)
    throw Error(who_ + ": its predict() gives " + std::to_string(predictions.size()) + " predictions for " +
                std::to_string(images) + " images");
  for (const Prediction& prediction : predictions) require_class("predict()", prediction.label);
  return predictions;
}

at::Tensor GuardedHead::probabilities(const at::Tensor& outputs) const {
  at::Tensor given = host::call_plugin(who_ + ": its probabilities()", [&] { return head_->probabilities(outputs); });
  if (!given.defined()) return given;
  const auto classes = static_cast<int64_t>(classes_.names.size());
  if (!has_rows(given, outputs.size(0)) || given.dim() != 2 || given.size(1) != classes || classes == 0)
    throw Error(who_ + ": its probabilities() gives " + description(given) + "; expected floating-point numbers [" +
                std::to_string(outputs.size(0)) + ", " + std::to_string(classes) + "], one for each of its classes");
  return given;
}

std::vector<std::vector<double>> GuardedHead::probability_rows(const at::Tensor& outputs) const {
  std::vector<std::vector<double>> rows(static_cast<size_t>(outputs.size(0)));
  const at::Tensor given = probabilities(outputs);
  if (!given.defined()) return rows;
  const at::Tensor values = given.detach().to(at::kCPU, at::kDouble).contiguous();
  const double* next = values.data_ptr<double>();
  for (std::vector<double>& row : rows) {
    row.assign(next, next + values.size(1));
    next += values.size(1);
  }
  return rows;
}

std::vector<Figure> GuardedHead::figures(const at::Tensor& outputs, const at::Tensor& targets) const {
  std::vector<Figure> figures =
      host::call_plugin(who_ + ": its figures()", [&] { return head_->figures(outputs, targets); });
  if (figures.empty()) throw Error(who_ + ": its figures() gives none; expected one or more");
  return figures;
}

std::string GuardedHead::decode(const at::Tensor& target) const {
  std::string label = host::call_plugin(who_ + ": its decode()", [&] { return head_->decode(target); });
  require_class("decode()", label);
  return label;
}

void GuardedHead::require_class(const std::string& function, const std::string& label) const {
  const std::vector<std::string>& names = classes_.names;
  if (!names.empty() && std::find(names.begin(), names.end(), label) == names.end())
    throw Error(who_ + ": its " + function + " gives the label " + in_quotes(label) + "; expected " +
                quoted_list(names));
}

}  // namespace mtl
