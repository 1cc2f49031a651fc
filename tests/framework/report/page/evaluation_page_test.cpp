#include <doctest/doctest.h>

#include "framework/report/page/evaluation_page.h"
#include "framework/report/page/ranking_html.h"
#include "framework/report/page/table.h"
#include "tests/framework/report/page/sample_run.h"
#include "tests/support/contains.h"
#include "tests/support/python.h"

using namespace mtl;
using test::contains;

namespace {

EvaluationResult sample_evaluation() {
  EvaluationResult result;
  result.run = "abcd";
  result.data = "4 images of <parts>, split test";
  result.images = 4;
  result.tasks = test::sample_run().test;
  result.calibrations.resize(result.tasks.size());
  result.calibrations[0].bins = {{0, 0.5, 0, no_number, no_number}, {0.5, 1, 4, 0.9, 0.75}};
  result.calibrations[0].expected_error = 0.15;
  result.rankings.resize(result.tasks.size());
  result.rankings[0] = Ranking{2, 2, 0.75, 0.0570, 1, 0.8333};
  result.rankings[0]->points = {{0.8, 0, 0.5, 1}, {0.4, 0.5, 0.5, 0.5}, {0.35, 0.5, 1, 2 / 3.0}, {0.1, 1, 1, 0.5}};
  result.slice_columns = {"region"};
  result.slices = {{{"<end>"}, result.tasks[0].task, 3, {{"accuracy", 0.5, true, true}}},
                   {{""}, result.tasks[0].task, 1, {{"accuracy", no_number, true, true}}}};
  result.contradictions = {{"<script>alert(1)</script>.png", std::vector<std::string>(result.tasks.size(), "scratch")}};
  return result;
}

}  // namespace

TEST_CASE("an evaluation's page tells figures, probabilities, slices and contradictions, and foreign text is text") {
  const std::string page = evaluation_page(sample_evaluation());
  for (const char* part :
       {"Expected calibration error 15.00 %", "Of 4 images stated at 90.00 %, 75.00 % are right", "&lt;end&gt;",
        "not labelled", "&lt;script&gt;alert(1)&lt;/script&gt;.png", "1 image of 4: one task says"})
    CHECK_MESSAGE(contains(page, part), part);
  CHECK_FALSE(contains(page, "<script"));
}

TEST_CASE("an evaluation's page has ROC and precision-recall, and where the task's own answers lie") {
  const std::string page = evaluation_page(sample_evaluation());
  for (const char* part :
       {"id=\"defect-or-normal\"", "0.057 to 1.000", "<span>0.833</span>", "takes images for independent",
        // Of sample_run.h's task A: an overkill rate of 3.4 % and an escape rate of 1.25 %.
        "its own answers: 98.75 % defect images called a defect (1 − escape rate) at 3.40 % normal images called a",
        "model: from 100.00 % precision: images called a defect that are one at 0.00 % recall",
        "guessing: from 50.00 %", "id=\"roc-0-t\"", "id=\"precision-recall-0-t\""})
    CHECK_MESSAGE(contains(page, part), part);
  CHECK_FALSE(contains(page, "roc-1"));

  EvaluationResult without = sample_evaluation();
  without.tasks[0].figures.clear();
  for (const char* part : {"its own answers", "The mark is"})
    CHECK_FALSE_MESSAGE(contains(evaluation_page(without), part), part);
}

TEST_CASE("a ranking in a line, with an interval where there is one") {
  Ranking ranking{50, 50, 0.9871, 0.979, 0.9934, 0.9909};
  CHECK(ranking_text(ranking) == "area under the ROC 0.987 (0.979 to 0.993), average precision 0.991");
  ranking.area = ranking.average_precision = 1;
  ranking.area_low = ranking.area_high = no_number;
  CHECK(ranking_text(ranking) == "area under the ROC 1.000, average precision 1.000");
}

TEST_CASE("an evaluation without slices, probabilities and contradictions is a sound page") {
  EvaluationResult result = sample_evaluation();
  result.calibrations[0] = {};
  result.rankings[0] = {};
  result.slice_columns.clear();
  result.slices.clear();
  result.contradictions.clear();
  const std::string page = evaluation_page(result);
  CHECK(contains(page, "the tasks agree about normal and defect everywhere"));
  CHECK_FALSE(contains(page, "reliability-"));
  CHECK_FALSE(contains(page, "defect-or-normal"));
  CHECK_FALSE(contains(page, "id=\"slices"));
}

TEST_CASE("an evaluation's page in a browser") {
  const test::TemporaryFolder folder;
  folder.write("eval.html", evaluation_page(sample_evaluation()));
  const auto browser = test::run_python(folder.path(), "tests/framework/report/page/browser_check.py", "eval.html 6");
  if (!browser.can_run) return;
  INFO(browser.log);
  CHECK(browser.code == 0);
  if (contains(browser.log, "skipped")) MESSAGE(browser.log);
}
