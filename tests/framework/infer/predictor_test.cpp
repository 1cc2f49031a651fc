#include "framework/infer/predictor.h"

#include <doctest/doctest.h>
#include <torch/torch.h>

#include <cmath>
#include <opencv2/core.hpp>

#include "framework/data/normalize.h"
#include "plugins/host/plugin_registry.h"
#include "tests/support/contains.h"
#include "tests/support/temporary_folder.h"

using namespace mtl;

namespace {

constexpr int size = 32;

/// Two tasks on the example backbone; the region's labels survive no flip.
MultiTaskModel make_model() {
  static const host::PluginRegistry registry({MTL_TEST_PLUGIN_DIR, MTL_EXAMPLE_DIR});
  torch::manual_seed(3);
  const auto backbone = registry.make_backbone({"tiny_backbone", "test", {}});
  const std::vector<host::GivenOption> as_it_is{{"survives", std::vector<std::string>{"noise"}, "test"}};
  return {backbone,
          {{"defect_normal", registry.make_head({"defect_normal", "test", {}}, "B", backbone->shape())},
           {"region", registry.make_head({"region", "test", as_it_is}, "C", backbone->shape())}}};
}

PredictSettings settings() {
  PredictSettings chosen;
  chosen.input.size = size;
  return chosen;
}

std::vector<cv::Mat> pictures(int count) {
  cv::RNG generator(1);
  std::vector<cv::Mat> all;
  for (int i = 0; i < count; ++i) {
    all.emplace_back(size, size, CV_8UC3);
    generator.fill(all.back(), cv::RNG::UNIFORM, 0, 256);
  }
  return all;
}

/// [1,3,size,size] of a picture, by hand.
at::Tensor tensor_of(const cv::Mat& picture, const Normalization& normalization) {
  const at::Tensor pixels = torch::empty({1, size, size, 3});
  normalize(picture, normalization, pixels.data_ptr<float>());
  return pixels.permute({0, 3, 1, 2});
}

}  // namespace

TEST_CASE("an answer is the most probable class, with the probabilities of all") {
  MultiTaskModel model = make_model();
  Predictor predictor(model, settings());
  const std::vector<cv::Mat> some = pictures(3);
  const std::vector<PictureResult> results = predictor.predict(some);
  REQUIRE(results.size() == 3);
  const torch::NoGradGuard no_grad;
  for (size_t i = 0; i < some.size(); ++i) {
    CHECK_FALSE(results[i].decision);
    const at::Tensor logits = model.forward(tensor_of(some[i], model.backbone().normalization()))[0];
    const at::Tensor expected = torch::softmax(logits.to(torch::kDouble), 1)[0];
    const Answer& answer = results[i].tasks[0];
    REQUIRE(answer.probabilities.size() == 2);
    for (int64_t c = 0; c < 2; ++c)
      CHECK(answer.probabilities[static_cast<size_t>(c)] == doctest::Approx(expected[c].item<double>()).epsilon(1e-6));
    CHECK(answer.prediction.label == (expected[0].item<double>() > 0.5 ? "defect" : "normal"));
    CHECK(answer.prediction.probability == doctest::Approx(expected.max().item<double>()).epsilon(1e-6));
  }
}

TEST_CASE("with test-time augmentation probabilities are means over the views that a task's labels survive") {
  MultiTaskModel model = make_model();
  PredictSettings with_views = settings();
  with_views.averages_views = true;
  const std::vector<cv::Mat> one = pictures(1);
  const PictureResult plain = Predictor(model, settings()).predict(one).front();
  const PictureResult averaged = Predictor(model, with_views).predict(one).front();

  const torch::NoGradGuard no_grad;
  const at::Tensor image = tensor_of(one[0], model.backbone().normalization());
  at::Tensor sum = torch::zeros({2}, torch::kDouble);
  for (const bool flipped : {false, true})
    for (int turns = 0; turns < 4; ++turns) {
      const at::Tensor mirrored = flipped ? image.flip({3}) : image;
      sum += torch::softmax(model.forward(torch::rot90(mirrored, turns, {2, 3}))[0].to(torch::kDouble), 1)[0];
    }
  for (int64_t c = 0; c < 2; ++c)
    CHECK(averaged.tasks[0].probabilities[static_cast<size_t>(c)] ==
          doctest::Approx(sum[c].item<double>() / 8).epsilon(1e-6));
  CHECK(averaged.tasks[0].probabilities != plain.tasks[0].probabilities);
  for (size_t c = 0; c < plain.tasks[1].probabilities.size(); ++c)  // the region as it is, alone
    CHECK(averaged.tasks[1].probabilities[c] == doctest::Approx(plain.tasks[1].probabilities[c]).epsilon(1e-6));
}

TEST_CASE("a temperature changes probabilities and no label, and the rule decides on what came of it") {
  MultiTaskModel model = make_model();
  PredictSettings calibrated = settings();
  calibrated.decisions.temperatures["defect_normal"] = 0.25;
  calibrated.decisions.rule =
      DecisionRule{"defect_normal", {{"defect", "normal"}, {false, true}}, DefectLimits{0.5, 0.5}};
  for (const cv::Mat& picture : pictures(4)) {
    const PictureResult plain = Predictor(model, settings()).predict({picture}).front();
    const PictureResult result = Predictor(model, calibrated).predict({picture}).front();
    const double p = std::pow(plain.tasks[0].probabilities[0], 4), q = std::pow(plain.tasks[0].probabilities[1], 4);
    CHECK(result.tasks[0].probabilities[0] == doctest::Approx(p / (p + q)).epsilon(1e-6));
    CHECK(result.tasks[0].prediction.label == plain.tasks[0].prediction.label);
    CHECK(result.tasks[0].prediction.probability == doctest::Approx(std::max(p, q) / (p + q)).epsilon(1e-6));
    CHECK(result.tasks[1].probabilities == plain.tasks[1].probabilities);
    REQUIRE(result.decision);
    CHECK(result.decision->defect_probability == result.tasks[0].probabilities[0]);
    CHECK(result.decision->verdict == (p > q ? Verdict::defect : Verdict::normal));
  }
}

TEST_CASE("float16 is refused on the CPU before anything is computed") {
  MultiTaskModel model = make_model();
  PredictSettings half = settings();
  half.precision = "float16";
  CHECK(test::contains(test::error_of([&] { Predictor(model, half); }), "needs a GPU"));
}
