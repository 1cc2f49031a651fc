#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "framework/study/statistics/holm.h"
#include "tests/framework/study/statistics/simulated_study.h"

using namespace mtl;
using test::StudyTruth;

namespace {

constexpr int studies = 1000, arms = 7;
constexpr double least = 0.037, most = 0.064;  // 95 % of counts of a 5 % event in 1000 studies, as shares

struct Rates {
  double one_arm = 0;  ///< studies that find the first arm better or worse, p < 0.05
  double any_arm = 0;  ///< arms found better or worse, over all seven
  double family = 0;   ///< studies that find any of seven arms better or worse, after Holm
};

Rates rates_of(const StudyTruth& truth) {
  Rates rates;
  for (uint64_t study = 0; study < studies; ++study) {
    const test::SimulatedStudy simulated(truth, arms, derive_seed(1, "study", {study}));
    std::vector<double> p;
    for (const Cells& cells : simulated.differences()) p.push_back(crossed_estimate(cells).p);
    const auto is_found = [](double value) { return value < 0.05; };
    const std::vector<double> adjusted = holm(p);
    rates.one_arm += is_found(p[0]) / double{studies};
    rates.any_arm += static_cast<double>(std::count_if(p.begin(), p.end(), is_found)) / (studies * arms);
    rates.family += std::any_of(adjusted.begin(), adjusted.end(), is_found) / double{studies};
  }
  return rates;
}

Rates shown_rates_of(const std::string& name, const StudyTruth& truth) {
  const Rates rates = rates_of(truth);
  MESSAGE(name << ", " << truth.seeds << " seeds: one arm " << 100 * rates.one_arm << " %, over seven "
               << 100 * rates.any_arm << " %, family " << 100 * rates.family << " %");
  return rates;
}

double share_found(StudyTruth truth, double advantage) {
  truth.advantage = advantage;
  int found = 0;
  for (uint64_t study = 0; study < 300; ++study) {
    const test::SimulatedStudy simulated(truth, 1, derive_seed(2, "study", {study}));
    const CrossedEstimate estimate = crossed_estimate(simulated.differences()[0]);
    found += estimate.p < 0.05 && estimate.value > 0;
  }
  return found / 300.0;
}

}  // namespace

TEST_CASE("where arms do not differ, 5 % of comparisons find a difference") {
  for (const int seeds : {3, 5}) {
    const Rates rates = shown_rates_of("runs vary", {.seeds = seeds, .run = 0.01});
    CHECK(rates.one_arm >= least);
    CHECK(rates.one_arm <= most);
    CHECK(rates.any_arm >= least);
    CHECK(rates.any_arm <= most);
    CHECK(rates.family <= most);
  }
}

TEST_CASE("no more than about 5 % find one where more or fewer things vary, and with two seeds") {
  const std::pair<std::string, StudyTruth> truths[] = {
      {"images alone vary", {}},
      {"arms vary", {.arm_by_image = 1}},
      {"runs and arms vary", {.arm_by_image = 1, .run = 0.01}},
      {"runs and arms vary much", {.arm_by_image = 2, .run = 0.03}},
      {"images alone vary", {.seeds = 2}},
      {"runs and arms vary", {.seeds = 2, .arm_by_image = 1, .run = 0.01}},
      {"runs and arms vary", {.seeds = 5, .arm_by_image = 1, .run = 0.01}},
  };
  for (const auto& [name, truth] : truths) {
    const Rates rates = shown_rates_of(name, truth);
    CHECK(rates.one_arm <= most);
    CHECK(rates.any_arm <= most);
    CHECK(rates.family <= most);
  }
}

TEST_CASE("a large advantage is mostly found, a small one is not") {
  StudyTruth truth{.arm_by_image = 1, .run = 0.005};
  const auto shown_share = [&](int seeds, double advantage) {
    truth.seeds = seeds;
    const double share = share_found(truth, advantage);
    MESSAGE(seeds << " seeds find an advantage of " << 100 * advantage << " points in " << 100 * share << " %");
    return share;
  };
  CHECK(shown_share(3, 0.01) < 0.3);
  CHECK(shown_share(3, 0.04) > 0.35);
  CHECK(shown_share(3, 0.08) > 0.8);
  CHECK(shown_share(5, 0.04) > 0.7);
}
