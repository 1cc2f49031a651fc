#include "framework/train/task_losses.h"

#include <doctest/doctest.h>
#include <torch/torch.h>

#include <limits>
using namespace mtl;

namespace {

/// Returns as its loss what it was told to, whatever the outputs are.
class FixedLoss : public TaskHead {
 public:
  explicit FixedLoss(at::Tensor loss) : loss_(std::move(loss)) {}
  std::string default_column() const override { return ""; }
  at::Tensor encode(const std::string&) const override { return torch::zeros({}); }
  std::string decode(const at::Tensor&) const override { return ""; }
  bool survives(Augmentation) const override { return true; }
  at::Tensor forward(const Features& features) override { return features.pooled; }
  at::Tensor loss(const at::Tensor&, const at::Tensor&) const override { return loss_; }
  std::vector<Prediction> predict(const at::Tensor&) const override { return {}; }
  std::vector<Figure> figures(const at::Tensor&, const at::Tensor&) const override { return {}; }

 private:
  at::Tensor loss_;
};

Batch batch_with(std::vector<bool> labelled) {
  Batch batch;
  const auto count = static_cast<int64_t>(labelled.size());
  at::Tensor mask = torch::zeros({count}, torch::kBool);
  for (int64_t i = 0; i < count; ++i) mask[i] = static_cast<bool>(labelled[static_cast<size_t>(i)]);
  batch.targets = {torch::zeros({count})};
  batch.any_labelled = {mask.any().item<bool>()};
  batch.labelled = {mask};
  return batch;
}

double mean_of(const at::Tensor& loss, std::vector<bool> labelled) {
  const Batch batch = batch_with(std::move(labelled));
  return task_losses({{"A", std::make_shared<FixedLoss>(loss)}}, {torch::zeros({loss.size(0), 1})}, batch)[0]
      .mean.item<double>();
}

}  // namespace

TEST_CASE("the mean is over labelled samples alone") {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  CHECK(mean_of(torch::tensor({1.0F, 2.0F, 6.0F}), {true, false, true}) == doctest::Approx(3.5));
  CHECK(mean_of(torch::tensor({1.0F, nan, 6.0F}), {true, false, true}) == doctest::Approx(3.5));
}

TEST_CASE("a batch without a label adds nothing, and no NaN in the gradient") {
  const at::Tensor weight = torch::ones({3}, torch::requires_grad());
  const at::Tensor loss = weight * torch::tensor({1.0F, std::numeric_limits<float>::infinity(), 2.0F});
  const Batch batch = batch_with({false, false, false});
  const auto losses = task_losses({{"A", std::make_shared<FixedLoss>(loss)}}, {torch::zeros({3, 1})}, batch);
  CHECK(losses[0].mean.item<double>() == 0);
  CHECK_FALSE(losses[0].any_labelled);
}

TEST_CASE("a mixed batch: both labels' losses in the images' shares, where both are known") {
  class Difference : public FixedLoss {
   public:
    using FixedLoss::FixedLoss;
    at::Tensor loss(const at::Tensor& outputs, const at::Tensor& targets) const override {
      return (outputs.squeeze(1) - targets).abs();
    }
  };
  Batch batch = batch_with({true, true, false, true});
  batch.targets = {torch::tensor({10.0F, 20.0F, 30.0F, 40.0F})};
  batch.own_share = 0.75;
  const auto losses = task_losses({{"A", std::make_shared<Difference>(at::Tensor())}}, {torch::zeros({4, 1})}, batch);
  CHECK(torch::allclose(losses[0].per_sample, torch::tensor({17.5F, 0.0F, 0.0F, 32.5F})));
  CHECK(losses[0].mean.item<double>() == doctest::Approx(25));
}

TEST_CASE("weights are scaled as asked") {
  CHECK(normalized({1, 3}, "none") == std::vector<double>{1, 3});
  CHECK(normalized({1, 3}, "sum_to_one") == std::vector<double>{0.25, 0.75});
  CHECK(normalized({1, 3}, "sum_to_tasks") == std::vector<double>{0.5, 1.5});
}
