#include "framework/train/fine_tuning.h"

#include <doctest/doctest.h>
#include <torch/torch.h>

#include "plugins/host/plugin_registry.h"
#include "tests/support/temporary_folder.h"

using namespace mtl;

namespace {

/// B0's nine stages and one head.
MultiTaskModel make_model() {
  const host::PluginRegistry registry({MTL_TEST_PLUGIN_DIR});
  const auto backbone = registry.make_backbone({"efficientnet_b0", "test", {}});
  std::vector<GuardedHead> heads;
  heads.emplace_back("C", registry.make_head({"region", "test", {}}, "C", backbone->shape()));
  return {backbone, heads};
}

bool learns(const MultiTaskModel& model, const std::string& name) {
  for (const NamedTensor& named : model.parameters())
    if (named.name == name) return named.tensor.requires_grad();
  throw Error("no parameter " + name);
}

/// Whether a training step moves a batch-norm's running mean.
bool moves_statistics(MultiTaskModel& model, const std::string& name) {
  const at::Tensor mean = model.backbone().named_buffers()[name];
  const at::Tensor before = mean.clone();
  model.forward(torch::rand({2, 3, 32, 32}), 1);
  return !mean.equal(before);
}

double share_of(const FineTuning& tuning, const MultiTaskModel& model, const std::string& name, double epochs) {
  const std::vector<double> shares = tuning.rate_shares(epochs);
  const std::vector<NamedTensor> parameters = model.parameters();
  REQUIRE(shares.size() == parameters.size());
  for (size_t i = 0; i < parameters.size(); ++i)
    if (parameters[i].name == name) return shares[i];
  throw Error("no parameter " + name);
}

const std::string stem = "features.0.0.weight", early = "features.2.0.block.0.0.weight", late = "features.8.0.weight",
                  classifier = "heads.C.classifier.weight";

}  // namespace

TEST_CASE("frozen stages learn nothing and keep their statistics, until the thaw") {
  MultiTaskModel model = make_model();
  FineTuningSettings settings;
  settings.freeze_stages = 3;
  settings.thaw_epoch = 3;
  FineTuning tuning(model, settings);
  tuning.start_epoch(2);
  CHECK_FALSE(learns(model, stem));
  CHECK_FALSE(learns(model, early));
  CHECK(learns(model, "features.3.0.block.0.0.weight"));
  CHECK(learns(model, classifier));
  CHECK_FALSE(moves_statistics(model, "features.0.1.running_mean"));
  CHECK(moves_statistics(model, "features.3.0.block.0.1.running_mean"));
  tuning.start_epoch(3);
  CHECK(learns(model, stem));
  CHECK(moves_statistics(model, "features.0.1.running_mean"));
}

TEST_CASE("whose statistics are kept can be said apart from what learns") {
  MultiTaskModel model = make_model();
  FineTuningSettings settings;
  settings.freeze_stages = -1;
  settings.frozen_statistics = "none";
  FineTuning moving(model, settings);
  moving.start_epoch(1);
  CHECK_FALSE(learns(model, late));
  CHECK(moves_statistics(model, "features.8.1.running_mean"));
  settings.freeze_stages = 0;
  settings.frozen_statistics = "all";
  FineTuning still(model, settings);
  still.start_epoch(1);
  CHECK(learns(model, stem));
  CHECK_FALSE(moves_statistics(model, "features.8.1.running_mean"));
}

TEST_CASE("a whole backbone that does not learn gives features without a gradient, and heads get theirs") {
  MultiTaskModel model = make_model();
  FineTuningSettings settings;
  settings.freeze_stages = -1;
  FineTuning(model, settings).start_epoch(1);
  const at::Tensor outputs = model.forward(torch::rand({2, 3, 32, 32}), 1)[0];
  CHECK(outputs.requires_grad());
  CHECK_FALSE(model.features(torch::rand({2, 3, 32, 32})).pooled.requires_grad());
}

TEST_CASE("learning rates: the backbone's share, a factor for each stage, the warm-up after probe and thaw") {
  MultiTaskModel model = make_model();
  FineTuningSettings settings;
  settings.backbone_rate = 0.5;
  settings.layer_decay = 0.9;
  const FineTuning plain(model, settings);
  CHECK(share_of(plain, model, classifier, 0.1) == 1);
  CHECK(share_of(plain, model, late, 0.1) == doctest::Approx(0.5 * 0.9));
  CHECK(share_of(plain, model, stem, 0.1) == doctest::Approx(0.5 * std::pow(0.9, 9)));
  settings.layer_decay = 1;
  settings.backbone_warmup_epochs = 2;
  settings.probe_epochs = 3;
  const FineTuning warmed(model, settings);
  CHECK(share_of(warmed, model, late, 3.0) == 0);
  CHECK(share_of(warmed, model, late, 4.0) == doctest::Approx(0.25));
  CHECK(share_of(warmed, model, late, 9.0) == doctest::Approx(0.5));
  CHECK(share_of(warmed, model, classifier, 3.0) == 1);
  settings.freeze_stages = 4;
  settings.thaw_epoch = 7;
  const FineTuning thawed(model, settings);
  CHECK(share_of(thawed, model, late, 5.5) == doctest::Approx(0.5));
  CHECK(share_of(thawed, model, late, 7.0) == doctest::Approx(0.25));
}

TEST_CASE("more stages than there are is told with those there are") {
  MultiTaskModel model = make_model();
  FineTuningSettings settings;
  settings.freeze_stages = 10;
  const std::string error = test::error_of([&] { FineTuning(model, settings); });
  CHECK(error.find("train.fine_tuning.freeze_stages = 10 is more than the backbone has: it has 9, 'features.0.'") == 0);
}
