#include "framework/explain/integrated_gradients.h"

#include <doctest/doctest.h>

#include <cmath>
#include <opencv2/core.hpp>

#include "tests/backbones/networks.h"
#include "tests/framework/explain/known_network.h"
#include "tests/support/contains.h"
#include "tests/support/temporary_folder.h"

using namespace mtl;
using test::known_model;
using test::Pooled;
using test::quarters;

namespace {

/// A small EfficientNet in double precision, so that what is left of completeness is the rule's error alone.
MultiTaskModel curved_model() {
  torch::manual_seed(4);
  const auto backbone = test::make_network("efficientnet_b0", {{"kernels", "reference", ""}});
  test::settle_statistics(*backbone, torch::randn({4, 3, 32, 32}));
  std::vector<double> weights;
  for (int64_t c = 0; c < backbone->shape().width; ++c) weights.push_back(1e-3 * std::cos(static_cast<double>(c)));
  MultiTaskModel model(backbone, {GuardedHead("A", std::make_shared<test::TwoClassHead>(weights))});
  model.backbone().to(at::kDouble);
  model.train(false);
  return model;
}

double mean_of(const at::Tensor& images) { return images.mean().item<double>(); }

Attribution attribution(double score, const at::Tensor& pixels, const Completeness& completeness) {
  Attribution made;
  made.score = score;
  made.pixels = pixels;
  made.completeness = completeness;
  return made;
}

}  // namespace

TEST_CASE("of a linear network the attributions are exact with a single step") {
  MultiTaskModel model = known_model({1, -1});
  const at::Tensor image = quarters(), baseline = torch::full_like(image, 1.5);
  const Attribution one = integrated_gradients(model, ClassScore(model.heads()[0]), image, baseline, {1, 8});
  // The score is mean(red) - mean(green) over 1024 pixels.
  const at::Tensor expected = ((image - baseline)[0][0] - (image - baseline)[0][1]).to(at::kDouble) / 1024;
  CHECK(one.pixels.sizes() == at::IntArrayRef{32, 32});
  CHECK(one.pixels.allclose(expected, 1e-5, 1e-9));
  CHECK(one.score == doctest::Approx(0.5));
  CHECK(one.completeness.difference == doctest::Approx(0.5).epsilon(1e-6));
  CHECK(std::abs(one.completeness.residual()) < 1e-6);
}

TEST_CASE("on a real network the attributions sum up to the score's difference, the better the more steps") {
  MultiTaskModel model = curved_model();
  const ClassScore score(model.heads()[0]);
  torch::manual_seed(5);
  const at::Tensor image = torch::randn({1, 3, 32, 32}, at::kDouble), baseline = blurred(image);
  const auto residual = [&](int steps) {
    const Attribution one = integrated_gradients(model, score, image, baseline, {steps, 8});
    REQUIRE(std::abs(one.completeness.difference) > 0.01);
    CHECK(one.pixels.sum().item<double>() == doctest::Approx(one.completeness.attributed));
    return std::abs(one.completeness.residual() / one.completeness.difference);
  };
  const double few = residual(8), many = residual(64);
  INFO(few << " with 8 steps, " << many << " with 64");
  CHECK(many < 0.005);
  CHECK(many < few / 8);  // the midpoint rule's error falls with the square of the steps
}

TEST_CASE("how many steps go together changes nothing") {
  MultiTaskModel model = curved_model();
  const ClassScore score(model.heads()[0], "second");
  torch::manual_seed(6);
  const at::Tensor image = torch::randn({1, 3, 32, 32}, at::kDouble), baseline = torch::zeros_like(image);
  const Attribution all = integrated_gradients(model, score, image, baseline, {10, 10});
  const Attribution parts = integrated_gradients(model, score, image, baseline, {10, 4});
  CHECK(all.target.class_name == "second");
  CHECK(all.pixels.allclose(parts.pixels, 1e-9, 1e-12));
}

TEST_CASE("a network whose score needs no map is explained, and one that passes no gradient on is a sentence") {
  MultiTaskModel direct = known_model({1, -1}, Pooled::of_images),
                 closed = known_model({1, -1}, Pooled::without_gradient);
  const at::Tensor image = quarters(), black = torch::zeros_like(image);
  CHECK(integrated_gradients(direct, ClassScore(direct.heads()[0]), image, black, {4, 8}).completeness.attributed ==
        doctest::Approx(0.5));
  CHECK(test::contains(test::error_of([&] {
                         integrated_gradients(closed, ClassScore(closed.heads()[0]), image, black, {4, 8});
                       }),
                       "task 'A' (/x.so): its score passes no gradient on to the picture's pixels"));
}

TEST_CASE("the baseline keeps light and colour and loses details") {
  const at::Tensor flat = torch::full({1, 3, 64, 64}, 0.25);
  CHECK(blurred(flat).allclose(flat, 1e-5, 1e-6));
  at::Tensor dot = torch::zeros({2, 3, 64, 64});
  dot[1][0][32][32] = 1000;
  const at::Tensor baseline = blurred(dot);
  CHECK(mean_of(baseline[0]) == 0);
  CHECK(mean_of(baseline[1][0]) == doctest::Approx(1000.0 / 4096).epsilon(1e-3));
  // The peak of a Gaussian of deviation 8 in two dimensions.
  CHECK(baseline[1][0].max().item<double>() == doctest::Approx(1000 / (2 * M_PI * 64)).epsilon(0.01));
  CHECK(mean_of(baseline[1][1]) == 0);
  CHECK(mean_of(dot[1][0]) == doctest::Approx(1000.0 / 4096));  // it is a copy
}

TEST_CASE("what is shown is the positive part, brightest at the 99.5 % quantile, with the peak of the smoothed map") {
  at::Tensor pixels = torch::full({100, 100}, -1.0, at::kDouble);
  pixels.slice(0, 20, 40).slice(1, 60, 80).fill_(2);  // 4 % of the pixels
  pixels[30][70] = 50;
  const Explanation one = shown(attribution(1.5, pixels, {3, 2}));
  CHECK(one.score == 1.5);
  CHECK(one.completeness->residual() == 1);
  CHECK(one.heat.at<float>(90, 10) == 0);
  CHECK(one.heat.at<float>(30, 70) == 1);
  const float plain = one.heat.at<float>(24, 64);  // far from the outlier, which the quantile leaves out
  CHECK(plain > 0.2F);
  CHECK(*one.peak == cv::Point2d(70.5, 30.5));
  const Explanation none = shown(attribution(0, torch::full({50, 50}, -1.0, at::kDouble), {0, 0}));
  CHECK(cv::countNonZero(none.heat) == 0);
  CHECK_FALSE(none.peak.has_value());
}
