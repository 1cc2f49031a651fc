#include "framework/explain/grad_cam.h"

#include <doctest/doctest.h>

#include <cmath>
#include <opencv2/core.hpp>

#include "framework/explain/explainer.h"
#include "framework/explain/picture_tensor.h"
#include "tests/backbones/networks.h"
#include "tests/framework/explain/known_network.h"
#include "tests/support/contains.h"
#include "tests/support/temporary_folder.h"

using namespace mtl;
using test::known_model;
using test::Pooled;
using test::quarters;

namespace {

Explanation explained(MultiTaskModel model, const std::string& class_name = "") {
  return grad_cam(model, ClassScore(model.heads()[0], class_name), quarters()).front();
}

std::vector<float> cells(const cv::Mat& map) { return {map.begin<float>(), map.end<float>()}; }

}  // namespace

TEST_CASE("Grad-CAM of a network of two channels is what was worked out by hand") {
  // The score is (A_0 - A_1) averaged over four cells, so the channels weigh 1/4 and -1/4, and the weighted sum is
  // (1 - 4, 2 - 0, 3 - 0, 4 - 4) / 4 = (-3, 2, 3, 0) / 4.
  const Explanation first = explained(known_model({1, -1}));
  CHECK(first.target.class_name == "first");
  CHECK(first.score == doctest::Approx(2.5 - 2.0));
  REQUIRE(first.heat.size() == cv::Size(2, 2));
  CHECK(cells(first.heat)[0] == 0);
  CHECK(cells(first.heat)[1] == doctest::Approx(2.0 / 3));
  CHECK(cells(first.heat)[2] == 1);
  CHECK(cells(first.heat)[3] == doctest::Approx(0));
  REQUIRE(first.peak.has_value());
  CHECK(*first.peak == cv::Point2d(8, 24));

  const Explanation second = explained(known_model({1, -1}), "second");
  CHECK(second.score == doctest::Approx(-0.5));
  CHECK(cells(second.heat) == std::vector<float>{1, 0, 0, 0});
  CHECK(*second.peak == cv::Point2d(8, 8));
}

TEST_CASE("where nothing speaks for the class the heat is zero and has no peak") {
  const Explanation none = explained(known_model({1, 1}), "second");  // every channel weighs less than 0
  CHECK(cells(none.heat) == std::vector<float>{0, 0, 0, 0});
  CHECK_FALSE(none.peak.has_value());
}

TEST_CASE("a head without classes is explained by its outputs") {
  const Explanation one = explained(known_model({0, 1}, Pooled::of_map, false));
  CHECK(one.score == doctest::Approx(2));
  CHECK(cells(one.heat) == std::vector<float>{1, 0, 0, 1});
  CHECK(*one.peak == cv::Point2d(8, 8));  // the first of equals
}

TEST_CASE("a score that does not depend on the map is a sentence with the other method as the way out") {
  for (const Pooled pooled : {Pooled::of_images, Pooled::without_gradient}) {
    const std::string sentence = test::error_of([&] { explained(known_model({1, -1}, pooled)); });
    CHECK(test::contains(sentence, "task 'A' (/x.so): its score does not depend on the backbone's feature map"));
    CHECK(test::contains(sentence, "--method integrated_gradients"));
  }
}

TEST_CASE("a frozen backbone is explained too, and pictures together as alone") {
  MultiTaskModel model = known_model({1, -1});
  model.backbone().parameters().front().requires_grad_(false);
  Explainer explainer(model, ClassScore(model.heads()[0]), {}, at::kCPU);
  std::vector<cv::Mat> pictures;
  for (int i = 0; i < 11; ++i) {  // more than go through at once
    pictures.emplace_back(32, 32, CV_8UC3, cv::Scalar(60, 50, 0));
    pictures.back()(cv::Rect(16 * (i % 2), 16 * (i / 2 % 2), 16, 16)).setTo(cv::Scalar(200, 50, 0));
  }
  const std::vector<Explanation> all = explainer.explain(pictures);
  REQUIRE(all.size() == pictures.size());
  for (int i = 0; i < 11; ++i)
    CHECK(*all[static_cast<size_t>(i)].peak == cv::Point2d(8 + 16 * (i % 2), 8 + 16 * (i / 2 % 2)));
  CHECK(explainer.explain({}).empty());
}

TEST_CASE("on a real network the channels' weights are those of finite differences of the score") {
  torch::manual_seed(3);
  const auto backbone = test::make_network("efficientnet_b0", {{"kernels", "fused", ""}});
  const at::Tensor images = torch::randn({2, 3, 64, 64});
  test::settle_statistics(*backbone, images);
  const int64_t channels = backbone->shape().map_channels;
  std::vector<double> weights;
  for (int64_t c = 0; c < channels; ++c) weights.push_back(std::sin(static_cast<double>(c)));
  struct Curved : test::TwoClassHead {  // so that the gradient depends on the place
    using TwoClassHead::TwoClassHead;
    at::Tensor forward(const Features& features) override {
      return TwoClassHead::forward({{}, features.map.pow(2).mean(at::IntArrayRef{2, 3}) + features.pooled});
    }
  };
  MultiTaskModel model(backbone, {GuardedHead("A", std::make_shared<Curved>(weights))});
  model.train(false);
  const ClassScore score(model.heads()[0], "first");
  const std::vector<Explanation> explanations = grad_cam(model, score, images);

  const torch::NoGradGuard no_grad;
  const at::Tensor map = model.features(images.detach().requires_grad_()).map.to(at::kDouble);
  const auto score_of = [&](const at::Tensor& changed) {
    const at::Tensor outputs = score.head().forward({changed, changed.mean(at::IntArrayRef{2, 3})});
    return score.values(outputs, score.targets(outputs));
  };
  // A change of a whole channel by e changes the score by e times the sum over its cells of the derivatives.
  constexpr double step = 1e-4;
  const double place = static_cast<double>(map.size(2) * map.size(3));
  at::Tensor heat = torch::zeros({2, map.size(2), map.size(3)}, at::kDouble);
  for (int64_t c = 0; c < channels; ++c) {
    at::Tensor more = map.clone(), less = map.clone();
    more.select(1, c) += step;
    less.select(1, c) -= step;
    const at::Tensor weight = (score_of(more) - score_of(less)) / (2 * step) / place;
    heat += weight.view({2, 1, 1}) * map.select(1, c);
  }
  heat = heat.relu();
  for (int64_t i = 0; i < 2; ++i) {
    REQUIRE(heat[i].max().item<double>() > 0);
    const cv::Mat expected = map_picture(heat[i] / heat[i].max());
    CHECK(cv::norm(explanations[static_cast<size_t>(i)].heat, expected, cv::NORM_INF) < 1e-4);
  }
}
