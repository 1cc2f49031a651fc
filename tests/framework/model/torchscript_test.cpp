#include "framework/model/torchscript.h"

#include <doctest/doctest.h>
#include <torch/script.h>
#include <torch/torch.h>

#include <algorithm>
#include <functional>

#include "framework/model/safetensors.h"
#include "plugins/host/plugin_registry.h"
#include "tests/support/python.h"
#include "tests/support/temporary_folder.h"

using namespace mtl;
namespace fs = std::filesystem;

namespace {

/// A head whose forward() is the test's own, on an otherwise empty task.
class OwnHead : public TaskHead {
 public:
  using Forward = std::function<at::Tensor(const Features&)>;
  explicit OwnHead(Forward forward) : forward_(std::move(forward)) {}

  std::string default_column() const override { return "own"; }
  at::Tensor encode(const std::string&) const override { return torch::zeros({}); }
  std::string decode(const at::Tensor&) const override { return ""; }
  bool survives(Augmentation) const override { return true; }
  at::Tensor forward(const Features& features) override { return forward_(features); }
  at::Tensor loss(const at::Tensor& outputs, const at::Tensor&) const override { return outputs.sum(1); }
  std::vector<Prediction> predict(const at::Tensor&) const override { return {}; }
  std::vector<Figure> figures(const at::Tensor&, const at::Tensor&) const override { return {}; }

 private:
  Forward forward_;
};

const host::PluginRegistry& registry() {
  static const host::PluginRegistry all({MTL_TEST_PLUGIN_DIR, MTL_EXAMPLE_DIR});
  return all;
}

/// Factors and statistics that a mistake would not hide behind.
void make_untidy(const MultiTaskModel& model) {
  const torch::NoGradGuard no_grad;
  for (const NamedTensor& named : model.state()) {
    const auto ends_in = [&](const std::string& end) {
      return named.name.size() > end.size() && named.name.ends_with(end);
    };
    if (ends_in("running_mean")) at::Tensor(named.tensor).uniform_(-0.2, 0.2);
    if (ends_in("running_var")) at::Tensor(named.tensor).uniform_(0.5, 1.5);
    if (ends_in("bias")) at::Tensor(named.tensor).uniform_(-0.2, 0.2);
  }
}

MultiTaskModel model_of(const host::PluginChoice& choice, const std::vector<std::string>& tasks,
                        std::vector<GuardedHead> heads = {}) {
  torch::manual_seed(1);
  const auto backbone = registry().make_backbone(choice);
  for (const std::string& task : tasks)
    heads.push_back({task, registry().make_head({"region", "test", {{"dropout", 0.5, ""}}}, task, backbone->shape())});
  MultiTaskModel model(backbone, heads);
  make_untidy(model);
  model.to(at::kCPU);
  return model;
}

MultiTaskModel tiny_model(const std::vector<std::string>& tasks, std::vector<GuardedHead> heads = {}) {
  return model_of({"tiny_backbone", "test", {{"dropout", 0.5, ""}}}, tasks, std::move(heads));
}

MultiTaskModel efficientnet(const std::string& kernels) {
  return model_of({"efficientnet_b0", "test", {{"kernels", kernels, ""}, {"instruction_set", "portable", ""}}},
                  {"A", "C"});
}

GuardedHead own_head(const OwnHead::Forward& forward) { return {"own", std::make_shared<OwnHead>(forward)}; }

std::vector<std::string> names_of(const std::vector<NamedTensor>& tensors) {
  std::vector<std::string> names;
  for (const NamedTensor& named : tensors) names.push_back(named.name);
  std::sort(names.begin(), names.end());
  return names;
}

std::vector<std::string> names_of(const torch::jit::Module& module) {
  std::vector<std::string> names;
  for (const auto& named : module.named_parameters()) names.push_back(named.name);
  for (const auto& named : module.named_buffers()) names.push_back(named.name);
  std::sort(names.begin(), names.end());
  return names;
}

std::map<std::string, at::Tensor> run(torch::jit::Module program, const at::Tensor& images) {
  const torch::NoGradGuard no_grad;
  std::map<std::string, at::Tensor> outputs;
  for (const auto& item : program.forward({images}).toGenericDict())
    outputs[item.key().toStringRef()] = item.value().toTensor();
  return outputs;
}

/// The largest relative difference over the tasks; the file must have just these.
double deviation(const torch::jit::Module& program, MultiTaskModel& model, const at::Tensor& images) {
  const torch::NoGradGuard no_grad;
  model.train(false);
  const std::vector<at::Tensor> expected = model.forward(images);
  auto found = run(program, images);
  REQUIRE(found.size() == expected.size());
  double largest = 0;
  for (size_t i = 0; i < expected.size(); ++i) {
    const at::Tensor& own = found[model.heads()[i].task()];
    REQUIRE(own.defined());
    largest = std::max(largest, ((own - expected[i]).norm() / expected[i].norm()).item<double>());
  }
  return largest;
}

int64_t constant_elements(const torch::jit::Module& program) {
  int64_t elements = 0;
  for (const auto* node : program.get_method("forward").graph()->nodes())
    if (node->kind() == c10::prim::Constant && node->hasAttribute(c10::attr::value) &&
        node->kindOf(c10::attr::value) == torch::jit::AttributeKind::t)
      elements += node->t(c10::attr::value).numel();
  return elements;
}

std::string error_of_writing(MultiTaskModel model) {
  const test::TemporaryFolder folder;
  const std::string error = test::error_of([&] {
    write_torchscript(folder.path() / "model.pt", model, torch::randn({2, 3, 64, 64}));
  });
  CHECK(fs::is_empty(folder.path()));
  return error;
}

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("TorchScript: the file computes what the model computes, for any number and size of images") {
  const test::TemporaryFolder folder;
  for (const bool tiny : {true, false}) {
    CAPTURE(tiny);
    MultiTaskModel model = tiny ? tiny_model({"A", "C"}) : efficientnet("reference");
    const at::Tensor example = torch::randn({2, 3, 64, 64});
    write_torchscript(folder.path() / "model.pt", model, example);
    const torch::jit::Module program = torch::jit::load((folder.path() / "model.pt").string());
    CHECK(deviation(program, model, example) < 1e-5);
    CHECK(deviation(program, model, torch::randn({5, 3, 64, 64})) < 1e-5);
    CHECK(deviation(program, model, torch::randn({1, 3, 96, 160})) < 1e-5);
    CHECK(deviation(program, model, torch::randn({3, 3, 64, 64}).contiguous(at::MemoryFormat::ChannelsLast)) < 1e-5);
  }
}

TEST_CASE("TorchScript: the file holds the model's tensors under their names, once and contiguous") {
  const test::TemporaryFolder folder;
  for (const bool tiny : {true, false}) {
    CAPTURE(tiny);
    MultiTaskModel model = tiny ? tiny_model({"A", "C"}) : efficientnet("reference");
    write_torchscript(folder.path() / "model.pt", model, torch::randn({2, 3, 64, 64}));
    const torch::jit::Module program = torch::jit::load((folder.path() / "model.pt").string());
    CHECK(names_of(program) == names_of(model.state()));
    CHECK(constant_elements(program) == 0);
    std::map<std::string, at::Tensor> own;
    size_t bytes = 0;
    for (const NamedTensor& named : model.state()) bytes += named.tensor.nbytes(), own[named.name] = named.tensor;
    for (const auto& named : program.named_parameters()) {
      CHECK(torch::equal(named.value, own[named.name]));
      CHECK(named.value.is_contiguous());
      CHECK_FALSE(named.value.requires_grad());
    }
    CHECK(fs::file_size(folder.path() / "model.pt") < bytes + bytes / 10 + 400'000);
    CHECK_FALSE(program.is_training());
  }
}

TEST_CASE("TorchScript: only the tasks that were asked for") {
  const test::TemporaryFolder folder;
  MultiTaskModel model = tiny_model({"A", "B", "C"});
  const fs::path file = folder.path() / "model.pt";
  write_torchscript(file, model, torch::randn({2, 3, 64, 64}), {"C", "A"});
  const torch::jit::Module program = torch::jit::load(file.string());
  const auto outputs = run(program, torch::randn({2, 3, 64, 64}));
  CHECK(outputs.size() == 2);
  CHECK(outputs.count("A") == 1);
  CHECK(outputs.count("C") == 1);
  const auto names = names_of(program);
  CHECK(std::none_of(names.begin(), names.end(), [](const std::string& name) { return contains(name, "heads.B."); }));
  CHECK(test::error_of([&] {
          write_torchscript(file, model, torch::randn({2, 3, 64, 64}), {"Other"});
        }) == "no task is named 'Other'; the model has 'A', 'B', 'C'");
}

TEST_CASE("TorchScript: an existing file is replaced whole, or stays where the model cannot be written") {
  const test::TemporaryFolder folder;
  const fs::path file = folder.write("model.pt", std::string(1'000'000, 'x'));
  MultiTaskModel bad = tiny_model({}, {own_head([](const Features& f) {
                                    return torch::full({f.pooled.size(0), 2}, 1.F);
                                  })});
  MultiTaskModel good = tiny_model({"C"});
  const at::Tensor images = torch::randn({2, 3, 64, 64});
  CHECK_THROWS_AS(write_torchscript(file, bad, images), Error);
  CHECK(test::read_file(file) == std::string(1'000'000, 'x'));
  write_torchscript(file, good, images);
  CHECK(deviation(torch::jit::load(file.string()), good, images) < 1e-5);
  CHECK(std::distance(fs::directory_iterator(folder.path()), {}) == 1);
  const fs::path nowhere = folder.path() / "none" / "model.pt";
  CHECK(test::error_of([&] { write_torchscript(nowhere, good, images); }) ==
        "cannot write '" + nowhere.string() + "': No such file or directory; free space or choose another folder");
}

TEST_CASE("TorchScript: every module is afterwards in the mode in which it was") {
  const test::TemporaryFolder folder;
  MultiTaskModel model = tiny_model({"A", "C"});
  model.train();
  model.heads()[1].head().eval();
  write_torchscript(folder.path() / "model.pt", model, torch::randn({2, 3, 64, 64}));
  CHECK(model.backbone().is_training());
  for (const auto& module : model.backbone().children()) CHECK(module->is_training());
  CHECK(model.heads()[0].head().is_training());
  CHECK_FALSE(model.heads()[1].head().is_training());
  for (const NamedTensor& named : model.parameters()) CHECK(named.tensor.requires_grad());
}

TEST_CASE("TorchScript: writing draws nothing from LibTorch's generator") {
  const test::TemporaryFolder folder;
  MultiTaskModel model = tiny_model({"C"});
  const at::Tensor images = torch::randn({2, 3, 64, 64});
  torch::manual_seed(3);
  const at::Tensor expected = torch::rand({4});
  torch::manual_seed(3);
  write_torchscript(folder.path() / "model.pt", model, images);
  CHECK(torch::equal(torch::rand({4}), expected));
}

TEST_CASE("TorchScript: what a trace cannot see is told with the task") {
  SUBCASE("a choice by values") {
    const std::string error = error_of_writing(tiny_model(
        {"A"},
        {own_head([](const Features& f) { return f.map.mean().item<double>() > 0.3 ? f.pooled * 2 : f.pooled - 1; })}));
    CAPTURE(error);
    CHECK(contains(error, "task 'own': for images ["));
    CHECK(contains(error, "its outputs as TorchScript differ from the model's by "));
    CHECK(contains(error, "chooses by values or sizes in C++"));
  }
  SUBCASE("the example's number of images") {
    const std::string error = error_of_writing(tiny_model({"A"}, {own_head([](const Features& f) {
                                                            return f.pooled.view({f.pooled.size(0), 2, 8}).sum(1);
                                                          })}));
    CAPTURE(error);
    CHECK(
        contains(error, "task 'own': for images [3, 3, 64, 64] it fails as TorchScript (shape '[2, 2, 8]' is invalid"));
  }
  SUBCASE("the example's size of images") {
    const std::string error = error_of_writing(tiny_model({"A"}, {own_head([](const Features& f) {
                                                            return f.map.sum({2, 3}) / f.map.size(2);
                                                          })}));
    CAPTURE(error);
    CHECK(contains(error, "task 'own': for images [3, 3, 96, 128] its outputs as TorchScript differ"));
  }
  SUBCASE("a computation on bare memory") {
    const auto bare = [](const Features& f) {
      const at::Tensor pooled = f.pooled.contiguous();
      return torch::from_blob(pooled.data_ptr(), pooled.sizes()).clone();
    };
    const std::string error = error_of_writing(tiny_model({"A"}, {own_head(bare)}));
    CAPTURE(error);
    CHECK(contains(error, "task 'own': for images ["));
  }
  SUBCASE("an output that is no operation's") {
    const at::Tensor fixed = torch::ones({2, 3});
    const std::string error = error_of_writing(tiny_model({"A"}, {own_head([&](const Features&) { return fixed; })}));
    CAPTURE(error);
    CHECK(contains(error, "task 'own': it computes outside of LibTorch's operations"));
  }
  SUBCASE("memory that is filled behind LibTorch's back") {
    const auto filled = [](const Features& f) {
      const at::Tensor own = torch::empty({f.pooled.size(0), 1});
      std::fill_n(own.data_ptr<float>(), own.numel(), 1.F);
      return own;
    };
    const std::string error = error_of_writing(tiny_model({"A"}, {own_head(filled)}));
    CAPTURE(error);
    CHECK(contains(error, "the backbone or a head computes outside of LibTorch's operations"));
  }
  SUBCASE("a large fixed tensor that is no buffer") {
    const at::Tensor table = torch::randn({16, 100});
    const std::string error =
        error_of_writing(tiny_model({"A"}, {own_head([&](const Features& f) { return f.pooled.matmul(table); })}));
    CAPTURE(error);
    CHECK(contains(error, "computes outside of LibTorch's operations"));
    CHECK(contains(error, "tensors that it computes or has registered"));
  }
}

TEST_CASE("TorchScript: a head made for one size of image is written") {
  const test::TemporaryFolder folder;
  MultiTaskModel model = tiny_model({}, {own_head([](const Features& f) {
                                      return f.map.flatten(1).matmul(torch::ones({256, 1}));
                                    })});
  write_torchscript(folder.path() / "model.pt", model, torch::randn({2, 3, 64, 64}));
  CHECK(deviation(torch::jit::load((folder.path() / "model.pt").string()), model, torch::randn({4, 3, 64, 64})) < 1e-5);
}

TEST_CASE("TorchScript: a head that fills a tensor part by part is written, and outputs may be infinite") {
  const test::TemporaryFolder folder;
  const auto by_parts = [](const Features& f) {
    at::Tensor own = torch::empty_like(f.pooled);
    own.narrow(1, 0, 4).copy_(f.pooled.narrow(1, 0, 4) * 2);
    own.narrow(1, 4, 12).copy_((f.pooled.narrow(1, 4, 12) * 1e3).exp());
    return own;
  };
  MultiTaskModel model = tiny_model({}, {own_head(by_parts)});
  write_torchscript(folder.path() / "model.pt", model, torch::randn({2, 3, 64, 64}));
  const auto program = torch::jit::load((folder.path() / "model.pt").string());
  const at::Tensor images = torch::randn({4, 3, 64, 64}) * 1e-3;
  CHECK(deviation(program, model, images) < 1e-5);
}

TEST_CASE("TorchScript: fused kernels give way to plain LibTorch while a program is traced") {
  const test::TemporaryFolder folder;
  MultiTaskModel model = efficientnet("fused");
  write_torchscript(folder.path() / "model.pt", model, torch::randn({2, 3, 64, 64}));
  const auto program = torch::jit::load((folder.path() / "model.pt").string());
  CHECK(deviation(program, model, torch::randn({3, 3, 64, 64})) < 1e-5);
}

TEST_CASE("TorchScript: Python runs the file to the same outputs") {
  const test::TemporaryFolder folder;
  for (const bool tiny : {true, false}) {
    CAPTURE(tiny);
    MultiTaskModel model = tiny ? tiny_model({"A", "C"}) : efficientnet("reference");
    const at::Tensor images = torch::randn({3, 3, 64, 96});
    write_torchscript(folder.path() / "model.pt", model, torch::randn({2, 3, 64, 64}));
    write_safetensors(folder.path() / "state.safetensors", model.state());
    model.train(false);
    const std::vector<at::Tensor> outputs = model.forward(images);
    write_safetensors(folder.path() / "outputs.safetensors",
                      {{"images", images}, {"A", outputs[0]}, {"C", outputs[1]}});
    const auto python = test::run_python(folder.path(), "tests/framework/model/torchscript_check.py",
                                         "model.pt state.safetensors outputs.safetensors");
    if (!python.can_run) {
      MESSAGE("skipped: /usr/bin/python3 has no PyTorch");
      return;
    }
    INFO(python.log);
    CHECK(python.code == 0);
  }
}
