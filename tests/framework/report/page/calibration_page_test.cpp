#include "framework/report/page/calibration_page.h"

#include <doctest/doctest.h>

#include "framework/report/page/table.h"
#include "tests/support/contains.h"
#include "tests/support/python.h"

using namespace mtl;
using test::contains;

namespace {

CalibrationResult sample_calibration() {
  CalibrationResult result;
  result.run = "abcd";
  result.data = "40 images of 10 parts of <parts>.csv, split val";
  Calibration before, after;
  before.bins = after.bins = {{0, 0.5, 0, no_number, no_number}, {0.5, 1, 40, 0.9, 0.75}};
  before.expected_error = 0.15;
  after.expected_error = 0.02;
  result.temperatures = {{"A", 40, 1.25, "", 0.5, 0.4, before, after},
                         {"B", 12, 1, "fewer than 20 labelled images", 0.3, 0.3, {}, {}}};
  result.task = "A";
  result.knows_defects = true;
  result.rule = {"Task A: a part passes where its defect probability is below 0.25.", "Promised with 95 % confidence."};
  result.rates = {{"escape", "defective, and passes", {{"part", 1, 8, 0.0032, 0.5265}, {"image", 0, 0, 0, 1}}}};
  result.limits = {{0, 0, 1}, {0.25, 0.125, 0.5}, {1, 1, 0}};
  result.chosen = {{"passes below", 0.25, false}, {"fails from", 2, true}};
  result.rejects = {{0, 0.5, 0.2, 0.1}, {0.5, 0.8, 0.05, 0}};
  result.error_area = 0.125;
  result.escape_area = 0.05;
  return result;
}

}  // namespace

TEST_CASE("a calibration's page tells the rule, what is promised, temperatures and curves") {
  const std::string page = calibration_page(sample_calibration());
  for (const char* part :
       {"a part passes where its defect probability is below 0.25", "Promised with 95 % confidence.", "12.50 %",
        "1 of 8, 0.32 % to 52.65 %", "none of this kind", "1.250", "1, kept", "fewer than 20 labelled images",
        "&lt;parts&gt;.csv", "errors 12.50 %, escapes 5.00 %", "passes below", "id=\"limits-plot", "id=\"rejects-plot"})
    CHECK_MESSAGE(contains(page, part), part);
  CHECK_FALSE(contains(page, "<parts>"));
  CHECK_FALSE(contains(page, "fails from: "));  // a limit that is never reached has no mark
}

TEST_CASE("temperatures alone, of a task that knows no defects, are a sound page") {
  CalibrationResult result = sample_calibration();
  result.knows_defects = false;
  result.rule.clear();
  result.rates.clear();
  result.limits.clear();
  result.chosen.clear();
  const std::string page = calibration_page(result);
  CHECK(contains(page, "Temperatures only: no limit was asked for"));
  CHECK_FALSE(contains(page, "limits-plot"));
  CHECK_FALSE(contains(page, "escapes 5.00 %"));
}

TEST_CASE("a calibration's page in a browser") {
  const test::TemporaryFolder folder;
  folder.write("calibration.html", calibration_page(sample_calibration()));
  const auto browser =
      test::run_python(folder.path(), "tests/framework/report/page/browser_check.py", "calibration.html 6");
  if (!browser.can_run) return;
  INFO(browser.log);
  CHECK(browser.code == 0);
  if (contains(browser.log, "skipped")) MESSAGE(browser.log);
}
