#include <doctest/doctest.h>

#include "framework/metrics/breakdown.h"

using namespace mtl;

namespace {

const ClassList kinds{{"scratch", "dent", "clean"}, {false, false, true}};
const ClassList verdicts{{"defect", "normal"}, {false, true}};
const ClassList lights{{"dome", "low"}, {false, false}};

double figure(const SliceFigures& slice, const std::string& name) {
  for (const Figure& one : slice.figures)
    if (one.name == name) return one.value;
  return -1;
}

}  // namespace

TEST_CASE("figures of each slice are those of its images") {
  const AnsweredTask a{"A", kinds, {"scratch", "dent", "clean", ""}, {"scratch", "clean", "clean", "dent"}};
  const std::vector<SliceFigures> slices = slices_of({a}, {{"end"}, {"end"}, {"body"}, {"tip"}});
  REQUIRE(slices.size() == 2);  // the tip has no labelled image
  CHECK(slices[0].cells == std::vector<std::string>{"body"});
  CHECK(slices[0].images == 1);
  CHECK(figure(slices[0], "accuracy") == 1);
  CHECK(slices[1].cells == std::vector<std::string>{"end"});
  CHECK(figure(slices[1], "accuracy") == 0.5);
  CHECK(figure(slices[1], "escape_rate") == 0.5);
}

TEST_CASE("tasks contradict each other about normal and defect, and about nothing else") {
  const AnsweredTask a{"A", kinds, {"", "", ""}, {"scratch", "clean", "dent"}};
  const AnsweredTask b{"B", verdicts, {"", "", ""}, {"normal", "normal", "defect"}};
  const AnsweredTask d{"D", lights, {"", "", ""}, {"dome", "low", "low"}};
  const std::vector<Contradiction> found = contradictions_of({a, b, d}, {"1.png", "2.png", "3.png"});
  REQUIRE(found.size() == 1);
  CHECK(found[0].image == "1.png");
  CHECK(found[0].answers == std::vector<std::string>{"scratch", "normal", ""});
}
