#include "mtl/classification.h"

#include <doctest/doctest.h>

#include <cmath>

#include "tests/support/temporary_folder.h"

using namespace mtl;

namespace {

// Counted by hand: classes crack, dent (defects), clean, dust (normal).
//   truth \ predicted  crack dent clean dust
//   crack                3    1    1     0
//   dent                 0    2    0     2
//   clean                1    0    4     1
//   dust                 0    0    0     0
ConfusionMatrix example() {
  const int64_t counts[4][4] = {{3, 1, 1, 0}, {0, 2, 0, 2}, {1, 0, 4, 1}, {0, 0, 0, 0}};
  ConfusionMatrix matrix(4);
  for (int64_t truth = 0; truth < 4; ++truth)
    for (int64_t predicted = 0; predicted < 4; ++predicted)
      for (int64_t i = 0; i < counts[truth][predicted]; ++i) matrix.add(truth, predicted);
  return matrix;
}

const std::vector<bool> normal{false, false, true, true};

double value(const std::vector<Figure>& figures, const std::string& name) {
  for (const Figure& figure : figures)
    if (figure.name == name) return figure.value;
  FAIL("no figure " << name);
  return 0;
}

}  // namespace

TEST_CASE("figures of a case counted by hand") {
  const ConfusionMatrix matrix = example();
  const std::vector<Figure> figures = classification_figures(matrix, normal);
  CHECK(matrix.total() == 15);
  CHECK(value(figures, "accuracy") == doctest::Approx(9.0 / 15));
  // F1: crack 6/(5+4), dent 4/(4+3), clean 8/(6+5), dust 0/(0+3)
  CHECK(value(figures, "macro_f1") == doctest::Approx((6.0 / 9 + 4.0 / 7 + 8.0 / 11 + 0.0) / 4));
  CHECK(value(figures, "defect_accuracy") == doctest::Approx(5.0 / 9));
  CHECK(value(figures, "normal_accuracy") == doctest::Approx(4.0 / 6));
  CHECK(value(figures, "escape_rate") == doctest::Approx(3.0 / 9));
  CHECK(value(figures, "overkill_rate") == doctest::Approx(1.0 / 6));
  CHECK(figures.front().name == "accuracy");
}

TEST_CASE("macro F1 leaves out a class that never occurs") {
  ConfusionMatrix matrix(3);
  matrix.add(0, 0);
  matrix.add(1, 1);
  CHECK(matrix.macro_f1() == 1.0);
}

TEST_CASE("figures over no image are not a number") {
  const ConfusionMatrix nothing(2);
  CHECK(std::isnan(nothing.accuracy()));
  CHECK(std::isnan(nothing.macro_f1()));
  CHECK(std::isnan(nothing.escape_rate({false, true})));
}

TEST_CASE("a task without normal classes has neither escapes nor overkills") {
  CHECK(classification_figures(example(), {false, false, false, false}).size() == 2);
  ConfusionMatrix two(2);
  two.add(0, 1);
  CHECK(classification_figures(two, {false, true}).size() == 4);
}

TEST_CASE("an index outside is refused") {
  ConfusionMatrix matrix(2);
  CHECK(test::error_of([&] { matrix.add(2, 0); }) == "class index 2 or 0 is not below 2");
  CHECK(test::error_of([&] { matrix.add(0, -1); }) == "class index 0 or -1 is not below 2");
}
