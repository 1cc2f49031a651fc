#include "framework/study/study_page.h"

#include <doctest/doctest.h>

#include <set>
#include <string>

#include "tests/framework/study/sample_study.h"
#include "tests/support/contains.h"
#include "tests/support/python.h"

using namespace mtl;
using test::contains;

namespace {

/// No id twice, no link to an id that is not there.
void check_ids(const std::string& page) {
  std::set<std::string> ids;
  for (size_t at = page.find(" id=\""); at != std::string::npos; at = page.find(" id=\"", at + 1)) {
    const std::string id = page.substr(at + 5, page.find('"', at + 5) - at - 5);
    INFO(id);
    CHECK(ids.insert(id).second);
  }
  for (size_t at = page.find("href=\"#"); at != std::string::npos; at = page.find("href=\"#", at + 1))
    CHECK(ids.count(page.substr(at + 7, page.find('"', at + 7) - at - 7)) == 1);
}

void check_in_browser(const StudyResult& study, const std::string& fewest_tables) {
  const test::TemporaryFolder folder;
  folder.write("study.html", study_page(study));
  const auto browser =
      test::run_python(folder.path(), "tests/framework/report/page/browser_check.py", "study.html " + fewest_tables);
  if (!browser.can_run) return;
  INFO(browser.log);
  CHECK(browser.code == 0);
  if (contains(browser.log, "skipped")) MESSAGE(browser.log);
}

}  // namespace

TEST_CASE("the page of a study: verdicts in words and by symbol, then all the rest") {
  const std::string page = study_page(test::sample_study());
  CHECK(contains(
      page,
      "Of 7 arms compared with task A alone, 2 got better in accuracy and 1 worse; for 4 no difference is shown."));
  CHECK(contains(page, "▲ Better than a"));
  CHECK(contains(page, "<strong>abcd</strong><span>abcd is more accurate than a"));
  for (const char* part : {"Table 1: task A alone", "Table 5: the auxiliary tasks", "Difference in accuracy to a",
                           "Every arm against task A alone", "B, Shapley value", "abcd: loss per task",
                           "below 0 a step for the one undoes", "abcd minus a", "on parts of the test split",
                           "Every run", "13 min 32 s", "./runs/abcd-1/report.html", "same budget in each arm"}) {
    INFO(part);
    CHECK(contains(page, part));
  }
  CHECK(page.find("Verdicts</h2>") < page.find("Table 1"));
  check_ids(page);
}

TEST_CASE("runs that are missing are named at the top") {
  const std::string page = study_page(test::sample_study());
  CHECK(contains(page, "2 of 24 runs are not finished."));
  CHECK(page.find("abd-3: no space left on the device (&lt;b&gt;full&lt;/b&gt;)") < page.find("<main"));
  CHECK(page.find("acd-2: not started") < page.find("<main"));
}

TEST_CASE("nothing foreign is more than text") {
  const std::string page = study_page(test::sample_study_with_axes());
  CHECK(contains(page, "&lt;script&gt;alert(1)&lt;/script&gt;"));
  for (const char* tag : {"<script", "<b>", "<i>"}) CHECK_FALSE(contains(page, tag));
}

TEST_CASE("each variant has a section of its own") {
  const std::string page = study_page(test::sample_study_with_axes());
  CHECK(contains(page, "<h2 id=\"v1-section\">weighting fixed</h2>"));
  CHECK(contains(page, "<h2 id=\"v2-section\">weighting gls | &lt;b&gt;</h2>"));
  CHECK(contains(page, "The same arm under another choice"));
  check_ids(page);
}

TEST_CASE("the page begins with the choices compared, too, and says once where no arm can be") {
  StudyResult study = test::sample_study_with_axes();
  for (VariantResult& variant : study.variants)
    for (ArmResult& arm : variant.arms)
      for (FigureSummary& figure : arm.figures) figure.comparison.reset();
  const std::string page = study_page(study);
  CHECK(contains(page, "No arm can be compared with task A alone yet."));
  CHECK_FALSE(contains(page, "weighting fixed: No arm"));
  CHECK(contains(page, "Of 1 comparison with weighting fixed, "));
  CHECK_FALSE(contains(study_page(test::sample_study()), " comparison with"));
}

TEST_CASE("a study with few or no finished runs has a sound page") {
  CHECK(contains(study_page({}), "This study has no arms."));
  StudyResult study = test::sample_study();
  for (ArmResult& arm : study.variants[0].arms) {
    ArmResult begun;
    begun.name = arm.name;
    begun.tasks = arm.tasks;
    begun.is_reference = arm.is_reference;
    arm = begun;
  }
  study.variants[0].attributions.clear();
  const std::string page = study_page(study);
  CHECK(contains(page, "No arm can be compared with task A alone yet."));
  CHECK(contains(page, "No finished run that could be compared."));
  check_ids(page);
  study.variants[0].arms.clear();
  check_ids(study_page(study));
  study = test::sample_study();
  std::erase_if(study.variants[0].arms, [](const ArmResult& arm) { return arm.is_reference; });
  for (ArmResult& arm : study.variants[0].arms)
    for (FigureSummary& figure : arm.figures) figure.comparison.reset();
  check_ids(study_page(study));
}

TEST_CASE("a study's page in a browser: no message, no request, all tables, no sideways scrolling") {
  check_in_browser(test::sample_study(), "12");
  check_in_browser(test::sample_study_with_axes(), "22");
  check_in_browser({}, "1");
}
