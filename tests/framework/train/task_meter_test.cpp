#include "framework/metrics/task_meter.h"

#include <doctest/doctest.h>
#include <torch/torch.h>

#include <cmath>

#include "plugins/host/plugin_registry.h"

using namespace mtl;

namespace {

std::shared_ptr<TaskHead> region_head() {
  return host::PluginRegistry({MTL_TEST_PLUGIN_DIR}).make_head({"region", "test", {}}, "C", {4, 4});
}

at::Tensor logits_for(const std::vector<int64_t>& classes) {
  at::Tensor logits = torch::zeros({static_cast<int64_t>(classes.size()), 2});
  for (size_t i = 0; i < classes.size(); ++i) logits[static_cast<int64_t>(i)][classes[i]] = 5;
  return logits;
}

}  // namespace

TEST_CASE("figures are over all samples, not a mean of batch means") {
  TaskMeter meter({"C", region_head()}, "region", false);
  // 3 right of 3, then 0 right of 1: 75 %, where a mean of means says 50 %.
  meter.add(logits_for({0, 0, 1}), torch::tensor({1.0F, 1.0F, 1.0F}), torch::tensor({0, 0, 1}, torch::kInt64),
            torch::ones({3}, torch::kBool));
  meter.add(logits_for({0}), torch::tensor({5.0F}), torch::tensor({1}, torch::kInt64), torch::ones({1}, torch::kBool));
  const TaskResult result = meter.result();
  CHECK(result.figures.front().value == doctest::Approx(0.75));
  CHECK(result.loss == doctest::Approx(2));
  REQUIRE(result.confusion.size() == 1);
  CHECK(result.confusion[0].counts == std::vector<std::vector<int64_t>>{{2, 0}, {1, 1}});
}

TEST_CASE("unlabelled samples count nowhere, but are predicted") {
  TaskMeter meter({"C", region_head()}, "region", false);
  meter.add(logits_for({0, 1}), torch::tensor({1.0F, 99.0F}), torch::tensor({0, 0}, torch::kInt64),
            torch::tensor({true, false}));
  const TaskResult result = meter.result();
  CHECK(result.labelled == 1);
  CHECK(result.loss == doctest::Approx(1));
  CHECK(result.figures.front().value == 1);
  CHECK(meter.truths() == std::vector<std::string>{"body", ""});
  CHECK(meter.predictions()[1].label == "end");
}

TEST_CASE("a split without a label has no figure") {
  TaskMeter meter({"C", region_head()}, "region", false);
  meter.add(logits_for({0}), torch::zeros({1}), torch::zeros({1}, torch::kInt64), torch::zeros({1}, torch::kBool));
  CHECK(std::isnan(meter.result().loss));
  CHECK(std::isnan(meter.result().figures.front().value));
}
