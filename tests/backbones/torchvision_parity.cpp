// The same weights, images and optimizer give what torchvision and PyTorch compute: a table of relative errors.
//   torchvision_parity [--steps N] [NAME ...]     without names: B0 to B7; N steps of each optimizer, 10 without; exit
//   code
//                                                 1 where a figure is over its limit, 77 where Python has no
//                                                 torchvision
#include <sys/wait.h>
#include <torch/torch.h>

#include <cstdlib>
#include <iomanip>
#include <iostream>
#include <map>
#include <string>
#include <vector>

#include "framework/model/safetensors.h"
#include "framework/model/weights.h"
#include "framework/train/optimizer.h"
#include "plugins/host/plugin_registry.h"
#include "tests/support/temporary_folder.h"

namespace {

using namespace mtl;
using Tensors = std::map<std::string, at::Tensor>;
constexpr int skipped = 77;

Tensors tensors_of(const std::filesystem::path& file) {
  Tensors tensors;
  for (const NamedTensor& named : read_safetensors(file).tensors) tensors[named.name] = named.tensor;
  return tensors;
}

/// ||found - expected|| / ||expected||, in float64.
double deviation(const at::Tensor& found, const at::Tensor& expected) {
  const at::Tensor wanted = expected.to(at::kDouble);
  return ((found.detach().to(at::kDouble) - wanted).norm() / wanted.norm()).item<double>();
}

/// Of all tensors of a group as one vector: a gradient that is rounding alone does not decide.
double deviation(const std::vector<NamedTensor>& found, const Tensors& expected, const std::string& group) {
  double difference = 0, size = 0;
  for (const NamedTensor& named : found) {
    const at::Tensor wanted = expected.at(group + named.name).to(at::kDouble);
    difference += (named.tensor.detach().to(at::kDouble) - wanted).square().sum().item<double>();
    size += wanted.square().sum().item<double>();
  }
  return std::sqrt(difference / size);
}

/// The backbone and a classifier behind it, under torchvision's names.
class Network {
 public:
  Network(const std::string& name, const std::string& kernels, const std::filesystem::path& weights)
      : weights_(weights),
        backbone_(
            host::PluginRegistry({MTL_TEST_PLUGIN_DIR})
                .make_backbone(
                    {name, "test", {{"dropout", 0.0, ""}, {"stochastic_depth", 0.0, ""}, {"kernels", kernels, ""}}})) {
    const Tensors file = tensors_of(weights);
    classifier_ = torch::nn::Linear(file.at("classifier.1.weight").size(1), file.at("classifier.1.weight").size(0));
    reset();
  }

  void reset() {
    load_backbone_weights(*backbone_, weights_);
    const Tensors file = tensors_of(weights_);
    const torch::NoGradGuard no_grad;
    classifier_->weight.copy_(file.at("classifier.1.weight"));
    classifier_->bias.copy_(file.at("classifier.1.bias"));
    for (const NamedTensor& named : parameters()) named.tensor.mutable_grad().reset();
  }

  void train(bool on) { backbone_->train(on); }
  Features features(const at::Tensor& images) { return backbone_->forward(images); }
  at::Tensor logits(const at::Tensor& images) { return classifier_->forward(features(images).pooled); }
  at::Tensor loss(const Tensors& expected) {
    const at::Tensor images = expected.at("images").contiguous(at::MemoryFormat::ChannelsLast);
    return torch::nn::functional::cross_entropy(logits(images), expected.at("labels"));
  }

  std::vector<NamedTensor> parameters() const {
    std::vector<NamedTensor> all;
    for (const auto& item : backbone_->named_parameters()) all.push_back({item.key(), item.value()});
    all.push_back({"classifier.1.weight", classifier_->weight});
    all.push_back({"classifier.1.bias", classifier_->bias});
    return all;
  }
  std::vector<NamedTensor> gradients() const {
    std::vector<NamedTensor> all = parameters();
    for (NamedTensor& named : all) named.tensor = named.tensor.grad();
    return all;
  }
  std::vector<NamedTensor> statistics() const {
    std::vector<NamedTensor> all;
    for (const auto& item : backbone_->named_buffers())
      if (item.value().is_floating_point()) all.push_back({item.key(), item.value()});
    return all;
  }

 private:
  std::filesystem::path weights_;
  std::shared_ptr<Backbone> backbone_;
  torch::nn::Linear classifier_{nullptr};
};

/// A column of the table: what is compared, and how far it may be off.
struct Deviation {
  std::string name;
  double found;
  double limit;
};

void add_steps(std::vector<Deviation>& figures, Network& network, const Tensors& expected, const std::string& kind) {
  network.reset();
  OptimizerSettings settings;
  settings.kind = kind;
  settings.learning_rate = kind == "sgd" ? 0.01 : 1e-4;
  const auto optimizer = make_optimizer(settings, network.parameters());
  const at::Tensor wanted = expected.at(kind + ".losses");
  std::vector<at::Tensor> losses;
  for (int64_t step = 0; step < wanted.size(0); ++step) {
    const at::Tensor loss = network.loss(expected);
    loss.backward();
    optimizer->step(settings.learning_rate);
    optimizer->zero_grad();
    losses.push_back(loss.detach());
  }
  figures.push_back({kind + " losses", deviation(torch::stack(losses), wanted), 1e-3});
  figures.push_back({kind + " weights", deviation(network.parameters(), expected, kind + ".weights."), 1e-3});
}

std::vector<Deviation> measure(const std::string& name, const std::string& kernels,
                               const std::filesystem::path& folder) {
  const Tensors expected = tensors_of(folder / (name + "_out.safetensors"));
  const at::Tensor images = expected.at("images").contiguous(at::MemoryFormat::ChannelsLast);
  Network network(name, kernels, folder / (name + ".safetensors"));
  std::vector<Deviation> figures;
  {
    const torch::NoGradGuard no_grad;
    network.train(false);
    figures.push_back({"features", deviation(network.features(images).map, expected.at("evaluated.map")), 1e-5});
    figures.push_back({"logits", deviation(network.logits(images), expected.at("evaluated.logits")), 1e-5});
  }
  network.train(true);
  figures.push_back({"features, training", deviation(network.features(images).map, expected.at("trained.map")), 1e-4});
  network.reset();
  network.loss(expected).backward();
  figures.push_back({"gradients", deviation(network.gradients(), expected, "gradient."), 1e-4});
  figures.push_back({"statistics", deviation(network.statistics(), expected, "statistics."), 1e-4});
  for (const char* kind : {"sgd", "adamw"})
    if (expected.count(kind + std::string(".losses")) > 0) add_steps(figures, network, expected, kind);
  return figures;
}

/// Prints a row, and returns whether every figure is within its limit.
bool print_row(const std::string& name, const std::string& kernels, const std::vector<Deviation>& figures) {
  bool all_within = true;
  std::cout << "| " << name << " | " << kernels << " |" << std::scientific << std::setprecision(1);
  for (const Deviation& figure : figures) {
    const bool within = figure.found < figure.limit;
    all_within &= within;
    std::cout << " " << figure.found << (within ? "" : " > " + std::to_string(figure.limit)) << " |";
  }
  std::cout << std::endl;
  return all_within;
}

int run_python(const std::filesystem::path& folder, const std::string& name, const std::string& steps) {
  const std::string log = (folder / "log").string();
  const int status = std::system(("/usr/bin/python3 " MTL_SOURCE_DIR "/tests/backbones/torchvision_reference.py " +
                                  folder.string() + " " + name + " " + steps + " > " + log + " 2>&1")
                                     .c_str());
  const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 1;
  if (code == skipped || code == 127)
    std::cout << "skipped: /usr/bin/python3 has no PyTorch with torchvision\n";
  else if (code != 0)
    std::cout << test::read_file(log);
  return code == 127 ? skipped : code;
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::string> names(argv + 1, argv + argc);
  std::string steps = "10";
  if (names.size() > 1 && names.front() == "--steps") {
    steps = names[1];
    names.erase(names.begin(), names.begin() + 2);
  }
  if (names.empty())
    for (int i = 0; i < 8; ++i) names.push_back("efficientnet_b" + std::to_string(i));
  const test::TemporaryFolder folder;
  bool all_within = true;
  for (const std::string& name : names) {
    if (const int code = run_python(folder.path(), name, steps); code != 0) return code;
    for (const char* kernels : {"reference", "auto"}) {
      const std::vector<Deviation> figures = measure(name, kernels, folder.path());
      if (name == names.front() && kernels == std::string("reference")) {
        std::cout << "| network | kernels |";
        for (const Deviation& figure : figures) std::cout << " " << figure.name << " |";
        std::cout << "\n|---|---|";
        for (size_t i = 0; i < figures.size(); ++i) std::cout << "---|";
        std::cout << "\n";
      }
      all_within &= print_row(name, kernels, figures);
    }
  }
  return all_within ? 0 : 1;
}
