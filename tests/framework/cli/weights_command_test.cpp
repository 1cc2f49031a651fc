#include <doctest/doctest.h>
#include <torch/script.h>
#include <torch/torch.h>

#include <map>

#include "framework/model/safetensors.h"
#include "framework/model/torch_file.h"
#include "tests/framework/cli/engine.h"
#include "tests/framework/cli/tiny_config.h"
#include "tests/support/python.h"

using namespace mtl;
using test::Engine;
namespace fs = std::filesystem;

namespace {

using Tensors = std::map<std::string, at::Tensor>;

Tensors by_name(const std::vector<NamedTensor>& tensors) {
  Tensors result;
  for (const NamedTensor& named : tensors) result[named.name] = named.tensor;
  return result;
}

Tensors tensors_of(const fs::path& file) { return by_name(read_safetensors(file).tensors); }

bool same(const Tensors& a, const Tensors& b) {
  if (a.size() != b.size()) return false;
  for (const auto& [name, tensor] : a)
    if (b.count(name) == 0 || !tensor.equal(b.at(name))) return false;
  return true;
}

/// A folder with a finished run of B0 at 32 pixels, made once for all tests here.
const Engine& with_run() {
  static const Engine& engine = []() -> const Engine& {
    static const Engine made;
    std::string text = test::tiny_config(test::task_a + test::task_b);
    text.replace(text.find("tiny_backbone"), 13, "efficientnet_b0");
    made.folder().write("b0.toml", text);
    const auto result = made.run({"run", "b0.toml", "--set", "train.epochs=1"});
    INFO(result.text);
    REQUIRE(result.code == 0);
    return made;
  }();
  return engine;
}

fs::path file(const char* name) { return with_run().folder().path() / name; }

Engine::Result weights(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "weights");
  return with_run().run(std::move(arguments));
}

}  // namespace

TEST_CASE("a run goes out under torchvision's names, to timm's and back, bit by bit") {
  REQUIRE(weights({"export", "runs/b0", "--names", "torchvision", "--out", "tv.safetensors"}).code == 0);
  REQUIRE(weights({"convert", "tv.safetensors", "timm.pth", "--backbone", "efficientnet_b0", "--names", "timm"}).code ==
          0);
  REQUIRE(
      weights({"convert", "timm.pth", "back.safetensors", "--backbone", "efficientnet_b0", "--names", "torchvision"})
          .code == 0);
  const Tensors run = tensors_of(file("runs/b0/model.safetensors")), torchvision = tensors_of(file("tv.safetensors"));
  CHECK(torchvision.size() == 360);  // the entries of torchvision's own state_dict
  CHECK(torchvision.at("features.3.0.block.1.0.weight").equal(run.at("features.3.0.block.1.0.weight")));
  CHECK(torchvision.at("classifier.1.weight").equal(run.at("heads.A.classifier.weight")));
  CHECK(torchvision.at("classifier.1.bias").equal(run.at("heads.A.classifier.bias")));
  const Tensors timm = by_name(read_torch_file(file("timm.pth")));
  CHECK(timm.at("classifier.weight").equal(run.at("heads.A.classifier.weight")));
  CHECK(timm.at("blocks.2.0.conv_dw.weight").equal(run.at("features.3.0.block.1.0.weight")));
  CHECK(same(tensors_of(file("back.safetensors")), torchvision));
}

TEST_CASE("another task can be the classifier; the whole run keeps its own names") {
  REQUIRE(weights({"export", "runs/b0", "--names", "timm", "--task", "B", "--out", "b.safetensors"}).code == 0);
  const Tensors run = tensors_of(file("runs/b0/model.safetensors"));
  CHECK(tensors_of(file("b.safetensors")).at("classifier.weight").equal(run.at("heads.B.classifier.weight")));
  REQUIRE(weights({"export", "runs/b0", "--format", "pth", "--out", "whole.pth"}).code == 0);
  CHECK(same(by_name(read_torch_file(file("whole.pth"))), run));
}

TEST_CASE("what was exported starts a new run, in either format and under either's names") {
  REQUIRE(weights({"export", "runs/b0", "--names", "timm", "--format", "pth", "--out", "start.pth"}).code == 0);
  const auto result = with_run().run(
      {"run", "b0.toml", "--set", "run.name=again", "--set", "train.epochs=1", "--set", "backbone.weights=start.pth"});
  INFO(result.text);
  CHECK(result.code == 0);
  CHECK(result.text.find("weights of start.pth, with the names of timm") != std::string::npos);
  CHECK(result.text.find("not taken from start.pth: 'classifier.weight', 'classifier.bias'") != std::string::npos);
  CHECK(test::read_file(file("runs/again/environment.json")).find("\"sha256\": \"") != std::string::npos);
  const auto strict = with_run().run({"run", "b0.toml", "--set", "run.name=b1", "--set",
                                      "backbone.plugin=efficientnet_b1", "--set", "backbone.weights=start.pth"});
  CHECK(strict.code == 1);
  CHECK(strict.text.find("start.pth does not fit this backbone: it lacks 'features.1.1.block.0.0.weight'") !=
        std::string::npos);
  const auto loose = with_run().run({"run", "b0.toml", "--set", "run.name=b1", "--set",
                                     "backbone.plugin=efficientnet_b1", "--set", "backbone.weights=start.pth", "--set",
                                     "backbone.weights_strict=false", "--set", "train.epochs=1"});
  INFO(loose.text);
  CHECK(loose.code == 0);
  CHECK(loose.text.find("WARNING: backbone.weights_strict is false: only ") != std::string::npos);
}

TEST_CASE("a TorchScript module answers by task, without the engine") {
  const auto exported = weights({"export", "runs/b0", "--format", "torchscript", "--out", "b0.pt"});
  INFO(exported.text);
  REQUIRE(exported.code == 0);
  torch::jit::Module module = torch::jit::load(file("b0.pt").string());
  const auto answers = module.forward({torch::rand({3, 3, 32, 32})}).toGenericDict();
  CHECK(answers.at("A").toTensor().size(1) == 19);
  CHECK(answers.at("B").toTensor().sizes() == at::IntArrayRef({3, 2}));
}

TEST_CASE("torchvision loads the exported weights strictly, and answers as the TorchScript module does") {
  REQUIRE(weights({"export", "runs/b0", "--names", "torchvision", "--format", "pth", "--out", "tv.pth"}).code == 0);
  REQUIRE(weights({"export", "runs/b0", "--format", "torchscript", "--out", "tv.pt"}).code == 0);
  const auto python =
      test::run_python(with_run().folder().path(), "tests/framework/cli/torchvision_loads.py", "tv.pth tv.pt A 32");
  if (!python.can_run) {
    MESSAGE("skipped: /usr/bin/python3 has no PyTorch with torchvision");
    return;
  }
  INFO(python.log);
  CHECK(python.code == 0);
}

TEST_CASE("show lists names, types, shapes and sizes") {
  const auto shown = weights({"show", "runs/b0/model.safetensors"});
  CHECK(shown.code == 0);
  CHECK(shown.text.find("features.0.0.weight") != std::string::npos);
  CHECK(shown.text.find("[32, 3, 3, 3]") != std::string::npos);
  CHECK(shown.text.find("metadata 'epoch' = '1'") != std::string::npos);
}

TEST_CASE("what cannot be done is said, and nothing is written over") {
  const auto says = [](const Engine::Result& result, int code, const char* sentence) {
    INFO(result.text);
    CHECK(result.code == code);
    CHECK(result.text.find(sentence) != std::string::npos);
  };
  with_run().folder().write("there.safetensors", "mine");
  says(weights({"convert", "runs/b0/model.safetensors", "there.safetensors"}), 1,
       "'there.safetensors' is there already");
  CHECK(test::read_file(file("there.safetensors")) == "mine");
  says(weights({"convert", "runs/b0/model.safetensors", "x.onnx"}), 2, "'x.onnx' has the ending '.onnx'");
  says(weights({"convert", "runs/b0/model.safetensors", "x.pth", "--names", "timm"}), 2,
       "--names and --backbone go together");
  says(weights({"export", "runs"}), 1, "'runs' is no folder of a finished run: there is no config.toml in it");
  says(weights({"export", "runs/b0", "--names", "keras"}), 1,
       "the backbone has no names of 'keras'; it has those of 'torchvision', 'timm'");
  says(weights({"export", "runs/b0", "--names", "timm", "--task", "Z"}), 1, "the run has no task 'Z'");
  says(weights({"show", "b0.toml"}), 1, "b0.toml is no safetensors file");
}
