#include "framework/bundle/golden.h"

#include <doctest/doctest.h>

#include <limits>

#include "framework/bundle/golden_choice.h"
#include "tests/support/contains.h"
#include "tests/support/temporary_folder.h"

using namespace mtl;
using test::contains;

namespace {

std::vector<GoldenPicture> one(const std::string& label, std::vector<double> probabilities) {
  return {{"golden/00.png", {{"A", label, std::move(probabilities)}}}};
}

}  // namespace

TEST_CASE("answers agree within the tolerance, and what does not is named by picture, task and numbers") {
  const auto expected = one("dent", {0.7, 0.3});
  CHECK(golden_mismatches(expected, expected).empty());
  CHECK(golden_mismatches(expected, one("dent", {0.7009, 0.2991})).empty());
  const auto far = golden_mismatches(expected, one("dent", {0.702, 0.298}));
  REQUIRE(far.size() == 1);
  CHECK(far[0] == "golden/00.png, task 'A': the probability 0.700000 of class 0 is expected, 0.702000 was found");
  CHECK(golden_mismatches(expected, one("clean", {0.7, 0.3}))[0] ==
        "golden/00.png, task 'A': 'dent' is expected, 'clean' was found");
  CHECK(golden_mismatches(expected, one("dent", {0.7, 0.2, 0.1})).size() == 1);
  CHECK(golden_mismatches(expected, one("dent", {std::numeric_limits<double>::quiet_NaN(), 0.3})).size() == 1);
  CHECK(golden_mismatches(expected, {}).size() == 1);
  CHECK(golden_mismatches(expected, {{"golden/00.png", {{"B", "dent", {0.7, 0.3}}}}}).size() == 1);
}

TEST_CASE("a label may differ where two classes were all but equally probable") {
  CHECK(golden_mismatches(one("dent", {0.5004, 0.4996}), one("clean", {0.4999, 0.5001})).empty());
  CHECK(golden_mismatches(one("dent", {0.502, 0.498}), one("clean", {0.502, 0.498})).size() == 1);
}

TEST_CASE("numbers are compared as numbers where a head states no probabilities") {
  CHECK(golden_mismatches(one("12.5", {}), one("12.505", {})).empty());
  CHECK(golden_mismatches(one("12.5", {}), one("12.6", {})).size() == 1);
  CHECK(golden_mismatches(one("a b", {}), one("a", {})).size() == 1);
}

TEST_CASE("golden.json reads back as it was written, and nothing else is read") {
  const auto pictures =
      one("d\xc3\xa9"
          "faut \"1\"",
          {1.0 / 3, 2.0 / 3});
  const auto read = parse_golden_json(golden_json(pictures));
  CHECK(read[0].file == "golden/00.png");
  CHECK(read[0].answers[0].label == pictures[0].answers[0].label);
  CHECK(read[0].answers[0].probabilities == pictures[0].answers[0].probabilities);
  for (const char* text :
       {"", "[]", "{}", "{\"format\": 2, \"pictures\": []}", "{\"format\": 1}",
        "{\"format\": 1, \"pictures\": [{\"file\": 1, \"answers\": []}]}",
        "{\"format\": 1, \"pictures\": [{\"file\": \"a\", \"answers\": [{\"task\": \"A\", \"label\": "
        "\"x\", \"probabilities\": [\"1\"]}]}]}"}) {
    const std::string said = test::error_of([&] { parse_golden_json(text); });
    INFO(said);
    CHECK(contains(said, "golden.json"));
  }
}

TEST_CASE("golden pictures are the surest of every class, then the second surest") {
  const std::vector<Prediction> answers{{"b", 0.6}, {"a", 0.5}, {"b", 0.9}, {"a", 0.8}, {"c", 0.3}, {"b", 0.7}};
  CHECK(golden_choice(answers, 3) == std::vector<size_t>{3, 2, 4});
  CHECK(golden_choice(answers, 5) == std::vector<size_t>{3, 2, 4, 1, 5});
  CHECK(golden_choice(answers, 99).size() == 6);
  CHECK(golden_choice({}, 3).empty());
  CHECK(golden_choice({{"a", std::numeric_limits<double>::quiet_NaN()}, {"a", 0.1}}, 1) == std::vector<size_t>{1});
}
