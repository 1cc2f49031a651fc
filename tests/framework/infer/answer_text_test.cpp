#include "framework/infer/answer_text.h"

#include <doctest/doctest.h>

#include <limits>
#include <nlohmann/json.hpp>

#include "tests/support/contains.h"

using namespace mtl;
using nlohmann::json;

namespace {

const AnswerColumns plain{{"A", "grade"}, {{{"crack", "hole", "good"}, {false, false, true}}, {}}, 1, false};

AnswerColumns with(size_t most_probable, bool has_decision) {
  AnswerColumns columns = plain;
  columns.most_probable = most_probable;
  columns.has_decision = has_decision;
  return columns;
}

PictureAnswers picture() {
  PictureAnswers answers{"a \"b\".png", {}, ""};
  answers.result.tasks.resize(2);
  answers.result.tasks[0].prediction = {"hole", 0.6};
  answers.result.tasks[0].probabilities = {0.1, 0.6, 0.3};
  answers.result.tasks[1].prediction = {"fair", std::numeric_limits<double>::quiet_NaN()};
  answers.result.decision = Decision{Verdict::look, "", 0.7};
  return answers;
}

const PictureAnswers broken{"gone\n.png", {}, "image 'gone' is not there"};

}  // namespace

TEST_CASE("a line of JSON has what there is, and no more") {
  const json line = json::parse(answer_text("jsonl", plain)->line(picture()));
  CHECK(line["image"] == "a \"b\".png");
  CHECK(line["tasks"]["A"] == json{{"label", "hole"}, {"probability", 0.6}});
  CHECK(line["tasks"]["grade"] == json{{"label", "fair"}});
  CHECK(line["decision"] == "look");
  CHECK(line["defect_probability"] == 0.7);

  const json top = json::parse(answer_text("jsonl", with(2, true))->line(picture()));
  CHECK(top["tasks"]["A"]["top"] ==
        json::array({{{"label", "hole"}, {"probability", 0.6}}, {{"label", "good"}, {"probability", 0.3}}}));
  CHECK(top["tasks"]["grade"]["top"].size() == 1);
  const json error = json::parse(answer_text("jsonl", plain)->line(broken));
  CHECK(error == json{{"image", "gone\n.png"}, {"error", "image 'gone' is not there"}});
}

TEST_CASE("CSV has the same columns for every picture") {
  const auto text = answer_text("csv", with(2, true));
  CHECK(text->header() ==
        "image,A_prediction,A_probability,A_2_prediction,A_2_probability,grade_prediction,grade_probability,decision,"
        "decided_class,defect_probability,error\n");
  CHECK(text->line(picture()) == "\"a \"\"b\"\".png\",hole,0.600000,good,0.300000,fair,,look,,0.700000,\n");
  CHECK(text->line(broken) == "\"gone\n.png\",,,,,,,,,,image 'gone' is not there\n");
  CHECK(answer_text("csv", plain)->header() ==
        "image,A_prediction,A_probability,grade_prediction,grade_probability,error\n");
  CHECK(test::contains(answer_text("csv", with(9, false))->header(), "A_3_prediction"));
  CHECK_FALSE(test::contains(answer_text("csv", with(9, false))->header(), "A_4_prediction"));
}

TEST_CASE("a table's columns stand below each other, a picture to a line") {
  const auto text = answer_text("table", plain);
  CHECK(text->line(picture()) == "look    A hole      60.0 %  grade fair              a \"b\".png\n");
  CHECK(text->line({"gone\n.png", {}, "image 'gone\n' is not there"}) == "not read: image 'gone?' is not there\n");
}
