#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "framework/metrics/calibration.h"

using namespace mtl;

TEST_CASE("the expected calibration error by hand") {
  // Two images stated at 0.9, one right; two at 0.3, both right: 0.5 |0.5 - 0.9| + 0.5 |1 - 0.3|.
  const Calibration found = calibration_of({0.9, 0.9, 0.3, 0.3}, {true, false, true, true});
  CHECK(found.expected_error == doctest::Approx(0.5 * 0.4 + 0.5 * 0.7));
  REQUIRE(found.bins.size() == 15);
  int64_t images = 0;
  for (const CalibrationBin& bin : found.bins) {
    images += bin.images;
    if (bin.images == 0) continue;
    CHECK(bin.images == 2);
    CHECK(bin.probability > bin.low);
    CHECK(bin.probability <= bin.high);
  }
  CHECK(images == 4);
}

TEST_CASE("probabilities that are true have no error, and the ends of the range have a bin") {
  const Calibration found = calibration_of({1, 1, 0, 0}, {true, true, false, false});
  CHECK(found.expected_error == 0);
  CHECK(found.bins.front().images == 2);
  CHECK(found.bins.back().images == 2);
  CHECK(std::isnan(found.bins[7].accuracy));
}

TEST_CASE("a head that states no probability has no calibration") {
  const double none = std::numeric_limits<double>::quiet_NaN();
  CHECK(calibration_of({none, none}, {true, false}).bins.empty());
  CHECK(std::isnan(calibration_of({}, {}).expected_error));
  CHECK(calibration_of({none, 1}, {true, true}).bins.back().images == 1);
}
