#include "framework/model/guarded_head.h"

#include <doctest/doctest.h>
#include <torch/torch.h>

#include <functional>

#include "tests/support/temporary_folder.h"

using namespace mtl;

namespace {

/// A head that answers as it is told.
struct Told : TaskHead {
  at::Tensor outputs = torch::zeros({2, 3}), losses = torch::zeros({2}), shares;
  std::vector<Prediction> predictions{{"a", 1}, {"b", 1}};
  std::vector<Figure> all_figures{{"accuracy", 1, true, true}};
  std::string text = "a";
  ClassList list{{"a", "b"}, {true, false}};

  std::string default_column() const override { return "c"; }
  at::Tensor encode(const std::string&) const override { return torch::zeros({}); }
  std::string decode(const at::Tensor&) const override { return text; }
  bool survives(Augmentation) const override { throw std::runtime_error("cannot say"); }
  at::Tensor forward(const Features&) override { return outputs; }
  at::Tensor loss(const at::Tensor&, const at::Tensor&) const override { return losses; }
  std::vector<Prediction> predict(const at::Tensor&) const override { return predictions; }
  at::Tensor probabilities(const at::Tensor&) const override { return shares; }
  std::vector<Figure> figures(const at::Tensor&, const at::Tensor&) const override { return all_figures; }
  ClassList classes() const override { return list; }
};

const Features features{torch::zeros({2, 4, 1, 1}), torch::zeros({2, 4}).requires_grad_()};
const at::Tensor targets = torch::zeros({2});

/// The complaint about a head that was changed before it was asked.
std::string complaint(const std::function<void(Told&)>& change, const std::function<void(const GuardedHead&)>& ask) {
  const auto told = std::make_shared<Told>();
  change(*told);
  return test::error_of([&] { ask(GuardedHead("E", told, "/x.so")); });
}

}  // namespace

TEST_CASE("outputs are a row of floats per image, with a gradient where the features have one") {
  const auto ask = [](const GuardedHead& head) { head.forward(features); };
  const auto of = [&](const at::Tensor& outputs) {
    return complaint([&](Told& head) { head.outputs = outputs; }, ask);
  };
  CHECK(of(torch::zeros({2, 3}).requires_grad_()).empty());
  CHECK(of({}) ==
        "task 'E' (/x.so): its forward() gives no tensor; expected floating-point numbers, a row for each of 2 images");
  CHECK(of(torch::zeros({3, 2})).find("task 'E' (/x.so): its forward() gives shape [3, 2] and type Float; expected") ==
        0);
  CHECK(of(torch::zeros({2, 3}, torch::kLong)).find("gives shape [2, 3] and type Long") != std::string::npos);
  CHECK(of(torch::zeros({})).find("gives shape [] ") != std::string::npos);
  CHECK(of(torch::zeros({2, 3})) ==
        "task 'E' (/x.so): its forward() passes no gradient on, so that nothing would be learnt from it");
  const torch::NoGradGuard evaluation;
  CHECK(complaint([](Told&) {},
                  [](const GuardedHead& head) {
                    head.forward({torch::zeros({2, 4, 1, 1}), torch::zeros({2, 4})});
                  })
            .empty());
}

TEST_CASE("a loss is a float per sample that depends on the outputs") {
  const at::Tensor learnt = torch::zeros({2, 3}).requires_grad_();
  const auto of = [&](const at::Tensor& loss, const at::Tensor& outputs) {
    return complaint([&](Told& head) { head.losses = loss; },
                     [&](const GuardedHead& head) { head.loss(outputs, targets); });
  };
  CHECK(of(learnt.sum(1), learnt).empty());
  CHECK(of(torch::zeros({2}), learnt.detach()).empty());
  CHECK(of(torch::zeros({2}), learnt) ==
        "task 'E' (/x.so): its loss() does not depend on the outputs, so that nothing would be learnt from it");
  CHECK(of(torch::zeros({}), learnt) ==
        "task 'E' (/x.so): its loss() gives shape [] and type Float; expected one float per sample, [2]");
  CHECK(of(torch::zeros({2, 1}), learnt).find("gives shape [2, 1]") != std::string::npos);
  CHECK(of(torch::zeros({2}, torch::kInt64), learnt).find("type Long") != std::string::npos);
}

TEST_CASE("predictions are one per image, of the classes there are; there is a figure") {
  const auto predicts = [](const GuardedHead& head) { head.predict(torch::zeros({2, 3})); };
  CHECK(complaint([](Told&) {}, predicts).empty());
  CHECK(complaint([](Told& head) { head.predictions.pop_back(); }, predicts) ==
        "task 'E' (/x.so): its predict() gives 1 predictions for 2 images");
  CHECK(complaint([](Told& head) { head.predictions[1].label = "z"; }, predicts) ==
        "task 'E' (/x.so): its predict() gives the label 'z'; expected 'a', 'b'");
  CHECK(complaint(
            [](Told& head) {
              head.list = {};
              head.predictions[1].label = "z";
            },
            predicts)
            .empty());
  CHECK(complaint([](Told& head) { head.text = "z"; }, [](const GuardedHead& head) { head.decode(targets[0]); }) ==
        "task 'E' (/x.so): its decode() gives the label 'z'; expected 'a', 'b'");
  CHECK(complaint([](Told& head) { head.all_figures.clear(); },
                  [](const GuardedHead& head) {
                    head.figures(torch::zeros({2, 3}), targets);
                  }) == "task 'E' (/x.so): its figures() gives none; expected one or more");
}

TEST_CASE("probabilities are a row per image of a float per class, or none") {
  const auto of = [](const at::Tensor& shares) {
    return complaint([&](Told& head) { head.shares = shares; },
                     [](const GuardedHead& head) {
                       head.probabilities(torch::zeros({2, 3}));
                     });
  };
  CHECK(of({}).empty());
  CHECK(of(torch::full({2, 2}, 0.5)).empty());
  CHECK(of(torch::full({2, 3}, 0.5)) ==
        "task 'E' (/x.so): its probabilities() gives shape [2, 3] and type Float; expected floating-point numbers [2, "
        "2], one for each of its classes");
  CHECK(of(torch::full({1, 2}, 0.5)).find("gives shape [1, 2]") != std::string::npos);
  CHECK(of(torch::full({2, 2}, 1, torch::kLong)).find("type Long") != std::string::npos);
  CHECK(of(torch::full({2}, 0.5)).find("gives shape [2]") != std::string::npos);

  const auto told = std::make_shared<Told>();
  const GuardedHead head("E", told, "/x.so");
  const std::vector<std::vector<double>> none(2), some{{0.25, 0.75}, {1, 0}};
  CHECK(head.probability_rows(torch::zeros({2, 3})) == none);
  told->shares = torch::tensor({0.25f, 0.75f, 1.f, 0.f}).view({2, 2});
  CHECK(head.probability_rows(torch::zeros({2, 3})) == some);
}

TEST_CASE("what it says of itself before training is looked at too") {
  CHECK(complaint([](Told& head) { head.list.normal.pop_back(); }, [](const GuardedHead&) {}) ==
        "task 'E' (/x.so): its classes() has 2 names and says of 1 whether they are normal");
  CHECK(complaint([](Told&) {}, [](const GuardedHead& head) { head.survives({}); }) ==
        "task 'E' (/x.so): its survives() failed: cannot say");
}
