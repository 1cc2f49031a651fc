#include <torch/torch.h>

#include <algorithm>

#include "plugins/conformance/candidate.h"
#include "plugins/conformance/kits.h"
#include "plugins/host/libtorch_settings.h"

namespace mtl::conformance {
namespace {

constexpr int64_t width = 24;
constexpr int64_t samples = 5;
const FeatureShape shape{width, width};

std::shared_ptr<TaskHead> make_head(const PluginItem& item, uint64_t seed = 1, const FeatureShape& features = shape) {
  return make<TaskHead>(item, &features, seed);
}

Features random_features(int64_t count) {
  torch::manual_seed(2);
  const at::Tensor map = torch::rand({count, width, 3, 3}).contiguous(at::MemoryFormat::ChannelsLast);
  return {map, map.mean({2, 3})};
}

/// The targets of the head's sample cells, in turn.
at::Tensor targets_of(const TaskHead& head, int64_t count) {
  const std::vector<std::string> cells = head.sample_cells();
  std::vector<at::Tensor> targets;
  for (int64_t i = 0; i < count; ++i) targets.push_back(head.encode(cells[static_cast<size_t>(i) % cells.size()]));
  return torch::stack(targets);
}

std::string look_at_labels(const TaskHead& head) {
  const std::vector<std::string> cells = head.sample_cells();
  if (cells.size() < 2) return "sample_cells() names fewer than two label cells";
  const at::Tensor first = head.encode(cells.front());
  for (const std::string& cell : cells) {
    const at::Tensor target = head.encode(cell);
    if (target.sizes() != first.sizes() || target.scalar_type() != first.scalar_type())
      return "encode() gives targets of another shape or type for '" + cell + "' than for '" + cells.front() + "'";
    if (head.decode(target).empty()) return "decode() gives no text for the target of '" + cell + "'";
  }
  return "";
}

std::string look_at_outputs(TaskHead& head) {
  head.eval();
  const torch::NoGradGuard no_grad;
  for (const int64_t count : {int64_t{1}, samples}) {
    const at::Tensor outputs = head.forward(random_features(count));
    if (!outputs.is_floating_point()) return "forward() gives no floating-point tensor";
    if (outputs.dim() < 1 || outputs.size(0) != count)
      return "forward() gives a tensor of size " + sizes_text(outputs) + " for " + std::to_string(count) + " images";
    if (std::string bad = not_finite("what forward() gives", outputs); !bad.empty()) return bad;
  }
  return "";
}

std::string look_at_loss(TaskHead& head) {
  head.train();
  const at::Tensor loss = head.loss(head.forward(random_features(samples)), targets_of(head, samples));
  if (!loss.is_floating_point() || loss.dim() != 1 || loss.size(0) != samples)
    return "loss() gives a tensor of size " + sizes_text(loss) + "; one floating-point number per sample, [" +
           std::to_string(samples) + "], is expected";
  return not_finite("what loss() gives", loss);
}

std::string look_at_gradients(TaskHead& head) {
  head.train();
  head.zero_grad();
  const Features from = random_features(samples);
  const at::Tensor map = from.map.detach().requires_grad_();
  const at::Tensor pooled = from.pooled.detach().requires_grad_();
  const at::Tensor loss = head.loss(head.forward({map, pooled}), targets_of(head, samples)).sum();
  if (!loss.requires_grad()) return "the loss does not depend on the features or on any parameter";
  loss.backward();
  const auto is_used = [](const at::Tensor& leaf) {
    return leaf.grad().defined() && leaf.grad().count_nonzero().item<int64_t>() > 0;
  };
  if (!is_used(map) && !is_used(pooled)) return "the loss does not depend on the features: their gradient is zero";
  for (const at::Tensor& leaf : {map, pooled})
    if (leaf.grad().defined() && !leaf.grad().isfinite().all().item<bool>())
      return "the gradient of the features holds infinity or NaN";
  return bad_gradients(head);
}

std::string look_at_answers(TaskHead& head) {
  head.eval();
  const torch::NoGradGuard no_grad;
  const at::Tensor outputs = head.forward(random_features(samples));
  const size_t predictions = head.predict(outputs).size();
  if (predictions != static_cast<size_t>(samples))
    return "predict() gives " + std::to_string(predictions) + " predictions for " + std::to_string(samples) + " images";
  const std::vector<Figure> figures = head.figures(outputs, targets_of(head, samples));
  if (figures.empty()) return "figures() gives none";
  for (const Figure& figure : figures)
    if (figure.name.empty() ||
        figure.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") != std::string::npos)
      return "figures() gives one with the name '" + figure.name + "'; small letters, digits and '_' are expected";
  return "";
}

std::string look_at_probabilities(TaskHead& head) {
  head.eval();
  const torch::NoGradGuard no_grad;
  const at::Tensor outputs = head.forward(random_features(samples));
  const at::Tensor given = head.probabilities(outputs);
  if (!given.defined()) return "";
  const std::vector<std::string> names = head.classes().names;
  if (given.sizes() != at::IntArrayRef{samples, static_cast<int64_t>(names.size())})
    return "probabilities() gives a tensor of size " + sizes_text(given) + " for " + std::to_string(samples) +
           " images and " + std::to_string(names.size()) + " classes";
  const at::Tensor rows = given.to(at::kDouble);
  if (rows.min().item<double>() < 0 || (rows.sum(1) - 1).abs().max().item<double>() > 1e-4)
    return "probabilities() gives rows that are negative somewhere or whose sum is not 1";
  const std::vector<Prediction> predictions = head.predict(outputs);
  for (int64_t i = 0; i < samples; ++i)
    if (names[static_cast<size_t>(rows[i].argmax().item<int64_t>())] != predictions[static_cast<size_t>(i)].label)
      return "the most probable class of probabilities() is not the label of predict()";
  return "";
}

at::Tensor answer(TaskHead& head) {
  const torch::NoGradGuard no_grad;
  head.eval();
  return head.forward(random_features(samples));
}

}  // namespace

void check_head(const PluginItem& item, Checks& checks) {
  std::shared_ptr<TaskHead> head;
  const host::LibtorchSettings before = host::LibtorchSettings::now();
  const bool starts = checks.keeps("it can be made and destroyed three times", [&] {
    for (int i = 0; i < 3; ++i) head = make_head(item);
    return std::string();
  });
  if (!starts) return;
  checks.keeps("label cells become targets of one shape, and text again", [&] { return look_at_labels(*head); });
  checks.keeps("training labels can be shown to it", [&] {
    head->prepare(targets_of(*head, samples));
    return std::string();
  });
  checks.keeps("outputs are finite, a row per image, for one image and several",
               [&] { return look_at_outputs(*head); });
  checks.keeps("the loss is finite, a number per sample", [&] { return look_at_loss(*head); });
  checks.keeps("gradients reach the features and every parameter", [&] { return look_at_gradients(*head); });
  checks.keeps("predictions and figures are given", [&] { return look_at_answers(*head); });
  checks.keeps("probabilities, where it states them, are those of its classes and its predictions",
               [&] { return look_at_probabilities(*head); });
  checks.keeps("the same seed gives the same head", [&]() -> std::string {
    return answer(*make_head(item)).equal(answer(*make_head(item))) ? "" : "two made with one seed answer differently";
  });
  checks.keeps("its parameters and buffers are all that it needs to answer alike", [&]() -> std::string {
    const auto other = make_head(item, 7);
    copy_state(*head, *other);
    return answer(*head).equal(answer(*other)) ? "" : "another one with the same state answers differently";
  });
  checks.keeps("it reads the feature map only where it says so", [&]() -> std::string {
    if (head->needs_map()) return "";
    const torch::NoGradGuard no_grad;
    head->eval();
    const Features whole = random_features(samples);
    return head->forward({at::Tensor(), whole.pooled}).equal(head->forward(whole))
               ? ""
               : "needs_map() is false, and without the map it answers differently";
  });
  checks.keeps("features of another width are refused", [&]() -> std::string {
    const auto wider = make_head(item, 1, {width + 1, width + 1});
    try {
      answer(*wider);
    } catch (const std::exception&) {
      return "";
    }
    return "it was made for features of width 25 and takes those of width 24";
  });
  checks.keeps("LibTorch's settings are left alone", [&] { return before.changed(); });
}

}  // namespace mtl::conformance
