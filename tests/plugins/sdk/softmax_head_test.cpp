#include "mtl/softmax_head.h"

#include <doctest/doctest.h>
#include <torch/torch.h>

#include <cmath>

#include "mtl/error.h"
#include "tests/support/temporary_folder.h"

using namespace mtl;

namespace {

class TestHead : public SoftmaxHead {
 public:
  explicit TestHead(const Options& options) : SoftmaxHead(options, classes_from(options), {8, 8}) {}
  std::string default_column() const override { return "kind"; }
};

Options options_with(std::map<std::string, OptionValue> changes = {}) {
  const auto specs =
      SoftmaxHead::with_common_options(SoftmaxHead::class_options({"a", "b", "c"}, {"c"}), {Augmentation::crop});
  std::map<std::string, OptionValue> values;
  for (const OptionSpec& spec : specs) values[spec.name] = *spec.default_value;
  for (auto& [name, value] : changes) values[name] = value;
  return Options(values);
}

}  // namespace

TEST_CASE("labels are encoded by name, and a slip is named") {
  const TestHead head(options_with());
  CHECK(head.encode("b").item<int64_t>() == 1);
  CHECK(head.decode(head.encode("c")) == "c");
  CHECK(test::error_of([&] { head.encode("B"); }) ==
        "label 'B' is not in the class list (did you mean 'a'?); the classes are 'a', 'b', 'c'");
  CHECK(head.classes().normal == std::vector<bool>{false, false, true});
}

TEST_CASE("the class list must make sense") {
  const auto error_with = [](const char* name, std::vector<std::string> value) {
    return test::error_of([&] { TestHead head(options_with({{name, value}})); });
  };
  CHECK(error_with("classes", {"a"}) == "option 'classes' names 1 class(es); a classifier needs two");
  CHECK(error_with("classes", {"a", "c", "a"}) == "option 'classes' names 'a' twice; name each class once");
  CHECK(error_with("classes", {"c", ""}) == "option 'classes' holds an empty name; an empty cell means not labelled");
  CHECK(error_with("normal", {"d"}).find("option 'normal' names 'd', which is none of the classes") == 0);
}

TEST_CASE("the loss is LibTorch's cross-entropy per sample") {
  torch::manual_seed(1);
  const at::Tensor logits = torch::randn({5, 3}), targets = torch::tensor({0, 1, 2, 1, 0}, torch::kInt64);
  for (double smoothing : {0.0, 0.1}) {
    const TestHead head(options_with({{"label_smoothing", smoothing}}));
    const auto expected = torch::nn::functional::cross_entropy(
        logits, targets,
        torch::nn::functional::CrossEntropyFuncOptions().reduction(torch::kNone).label_smoothing(smoothing));
    CHECK(torch::allclose(head.loss(logits, targets), expected));
  }
}

TEST_CASE("class weights favour rare classes and keep the mean at one") {
  const at::Tensor targets = torch::tensor({0, 0, 0, 0, 0, 0, 1, 1, 2}, torch::kInt64);
  const at::Tensor even = torch::zeros({9, 3});  // every sample has loss log 3
  for (const char* how : {"inverse_frequency", "effective_number"}) {
    TestHead head(options_with({{"class_weights", std::string(how)}, {"effective_number_beta", 0.9}}));
    head.prepare(targets);
    const at::Tensor loss = head.loss(even, targets) / std::log(3.0);
    CHECK(loss.mean().item<double>() == doctest::Approx(1));
    CHECK(loss[8].item<double>() > loss[6].item<double>());
    CHECK(loss[6].item<double>() > loss[0].item<double>());
  }
  TestHead head(options_with({{"class_weights", std::string("inverse_frequency")}}));
  head.prepare(targets);
  CHECK((head.loss(even, targets) / std::log(3.0))[8].item<double>() == doctest::Approx(9.0 / (3 * 1)));
}

TEST_CASE("a hidden layer and drop-out are there when asked for") {
  TestHead plain(options_with()), deep(options_with({{"hidden", int64_t{16}}, {"dropout", 0.5}}));
  CHECK(plain.named_parameters().keys() == std::vector<std::string>{"classifier.weight", "classifier.bias"});
  CHECK(deep.named_parameters().keys() ==
        std::vector<std::string>{"hidden.weight", "hidden.bias", "classifier.weight", "classifier.bias"});
  const Features features{{}, torch::randn({4, 8})};
  deep.train();
  CHECK_FALSE(torch::equal(deep.forward(features), deep.forward(features)));
  deep.eval();
  CHECK(torch::equal(deep.forward(features), deep.forward(features)));
}

TEST_CASE("predictions carry the probability of their class") {
  const TestHead head(options_with());
  const auto predictions = head.predict(torch::tensor({{0.0F, std::log(2.0F), 0.0F}}));
  REQUIRE(predictions.size() == 1);
  CHECK(predictions[0].label == "b");
  CHECK(predictions[0].probability == doctest::Approx(0.5));
}

TEST_CASE("what a label survives is the user's to say") {
  CHECK(TestHead(options_with()).survives(Augmentation::crop));
  CHECK_FALSE(TestHead(options_with()).survives(Augmentation::noise));
  CHECK(TestHead(options_with({{"survives", std::vector<std::string>{"noise"}}})).survives(Augmentation::noise));
}
