#include "framework/decide/temperature.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "tests/framework/decide/reference.h"
#include "tests/support/contains.h"
#include "tests/support/temporary_folder.h"

using namespace mtl;
using nlohmann::json;
using test::is_close;

namespace {

using Rows = std::vector<std::vector<double>>;

/// `images` answers of two classes, each 0.9 sure, of which `wrong` are wrong.
Rows sure_answers(size_t images) { return Rows(images, {0.9, 0.1}); }

std::vector<size_t> truths(size_t images, size_t wrong) {
  std::vector<size_t> all(images, 0);
  std::fill_n(all.begin(), wrong, 1);
  return all;
}

}  // namespace

TEST_CASE("the temperature is that of the least loss that another minimizer finds") {
  for (const json& one : test::stored_cases("temperatures")) {
    const TemperatureFit fit = fit_temperature(one["probabilities"], one["truths"]);
    INFO(fit.temperature << " " << one["temperature"]);
    CHECK(fit.kept_because.empty());
    CHECK(fit.temperature == doctest::Approx(one["temperature"].get<double>()).epsilon(1e-5));
    CHECK(is_close(fit.loss_before, one["before"]));
    CHECK(is_close(fit.loss_after, one["after"], 1e-6));
    CHECK(fit.loss_after <= one["after"].get<double>() + 1e-14);  // at least as good as the other's
  }
}

TEST_CASE("answers that are all equally sure become as sure as they are right") {
  // Three of four are right: (0.9, 0.1) has to become (0.75, 0.25), so 9^(1/T) = 3 and T = 2.
  const TemperatureFit fit = fit_temperature(sure_answers(40), truths(40, 10));
  CHECK(fit.temperature == doctest::Approx(2).epsilon(1e-9));
  CHECK(tempered({0.9, 0.1}, fit.temperature)[0] == doctest::Approx(0.75).epsilon(1e-9));
  CHECK(fit.loss_after == doctest::Approx(-0.75 * std::log(0.75) - 0.25 * std::log(0.25)));
}

TEST_CASE("where nothing can be said the temperature stays 1, and it is told why") {
  const auto kept = [](const Rows& probabilities, const std::vector<size_t>& given) {
    const TemperatureFit fit = fit_temperature(probabilities, given);
    CHECK(fit.temperature == 1);
    CHECK((std::isnan(fit.loss_after) || fit.loss_after == fit.loss_before));
    return fit.kept_because;
  };
  CHECK(kept({}, {}) == "fewer than 20 labelled images");
  CHECK(kept(sure_answers(19), truths(19, 5)) == "fewer than 20 labelled images");
  CHECK(kept(sure_answers(30), truths(30, 0)) == "all labelled images are of one class");
  Rows right = sure_answers(30);
  std::vector<size_t> given = truths(30, 5);
  for (size_t i = 0; i < 5; ++i) std::swap(right[i][0], right[i][1]);
  CHECK(kept(right, given) == "no answer is wrong");
}

TEST_CASE("a temperature stays within its limits, and a true class of probability 0 does no harm") {
  Rows certain(40, {1, 0});
  const TemperatureFit hot = fit_temperature(certain, truths(40, 20));
  CHECK(hot.temperature == highest_temperature);
  CHECK(std::isfinite(hot.loss_before));
  CHECK(test::contains(test::error_of([] { fit_temperature(sure_answers(1), {2}); }), "class 2"));
}

TEST_CASE("tempered probabilities keep their order, their sum and their zeros") {
  const std::vector<double> given{0.5, 0.3, 0.2, 0};
  for (const double temperature : {0.05, 0.5, 1.0, 3.0, 20.0}) {
    const std::vector<double> p = tempered(given, temperature);
    CHECK(std::accumulate(p.begin(), p.end(), 0.0) == doctest::Approx(1).epsilon(1e-14));
    CHECK(p[0] >= p[1]);
    CHECK(p[1] >= p[2]);
    CHECK(p[3] == 0);
    CHECK(p[1] / p[0] == doctest::Approx(std::pow(0.6, 1 / temperature)).epsilon(1e-12));
  }
  CHECK(tempered(given, 1) == given);
  CHECK(tempered({1e-300, 1e-302}, 0.05)[0] == doctest::Approx(1));  // no power underflows to 0 / 0
  CHECK(std::isnan(tempered({std::numeric_limits<double>::quiet_NaN(), 0.5}, 2)[0]));
  CHECK_FALSE(test::error_of([] { tempered({1}, 0); }).empty());
}
