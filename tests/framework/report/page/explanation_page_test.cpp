#include "framework/report/page/explanation_page.h"

#include <doctest/doctest.h>

#include "framework/report/page/data_uri.h"
#include "tests/support/contains.h"
#include "tests/support/python.h"

using namespace mtl;
using test::contains;

namespace {

constexpr const char* one_pixel =
    "data:image/"
    "png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=";

ExplanationReport sample_report() {
  ExplanationReport report;
  report.run = "abcd";
  report.task = "A";
  report.method = "Grad-CAM";
  report.summary = {"3 pictures explained, 1 not readable", "maxima inside: 50.0 %"};
  report.figures = {{"Maxima inside the marked regions", "50.0 %", "1 picture of 2"}};
  GalleryFigure figure{
      one_pixel, "00001_a_A.png", "<b>a</b>.png", "an overlay", {"Task A answers \"dent\"", "Label x"}};
  report.parts = {{"Pictures", "How they were chosen.", 3, {figure, figure}}, {"Contradictions", "", 0, {}}};
  report.unreadable = {{"<i>broken</i>.png", "is empty"}};
  return report;
}

}  // namespace

TEST_CASE("an explanation's page shows pictures with what is said of them, and foreign text is text") {
  const std::string page = explanation_page(sample_report());
  for (const char* part :
       {"3 pictures explained, 1 not readable</p>", "maxima inside: 50.0 %</p>", "00001_a_A.png\"><img",
        "&lt;b&gt;a&lt;/b&gt;.png", "alt=\"an overlay\"", "answers &quot;dent&quot;", "The first 2 of 3 are shown",
        "There is no such picture.", "&lt;i&gt;broken&lt;/i&gt;.png", "img-src data:"})
    CHECK_MESSAGE(contains(page, part), std::string(part));
  for (const char* part : {"<b>a", "<i>broken", "<script"}) CHECK_FALSE_MESSAGE(contains(page, part), part);
}

TEST_CASE("an explanation's page in a browser: pictures need no network") {
  const test::TemporaryFolder folder;
  folder.write("explain.html", explanation_page(sample_report()));
  const auto browser =
      test::run_python(folder.path(), "tests/framework/report/page/browser_check.py", "explain.html 1");
  if (!browser.can_run) return;
  INFO(browser.log);
  CHECK(browser.code == 0);
  if (contains(browser.log, "skipped")) MESSAGE(browser.log);
}
