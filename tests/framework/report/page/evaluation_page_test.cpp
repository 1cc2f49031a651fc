#include <doctest/doctest.h>

#include "framework/report/page/evaluation_page.h"
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

TEST_CASE("an evaluation without slices, probabilities and contradictions is a sound page") {
  EvaluationResult result = sample_evaluation();
  result.calibrations[0] = {};
  result.slice_columns.clear();
  result.slices.clear();
  result.contradictions.clear();
  const std::string page = evaluation_page(result);
  CHECK(contains(page, "the tasks agree about normal and defect everywhere"));
  CHECK_FALSE(contains(page, "reliability-"));
  CHECK_FALSE(contains(page, "id=\"slices"));
}

TEST_CASE("an evaluation's page in a browser") {
  const test::TemporaryFolder folder;
  folder.write("eval.html", evaluation_page(sample_evaluation()));
  const auto browser = test::run_python(folder.path(), "tests/framework/report/page/browser_check.py", "eval.html 4");
  if (!browser.can_run) return;
  INFO(browser.log);
  CHECK(browser.code == 0);
  if (contains(browser.log, "skipped")) MESSAGE(browser.log);
}
