#include <doctest/doctest.h>

#include "framework/report/page/run_page.h"
#include "tests/framework/report/page/sample_run.h"
#include "tests/support/contains.h"
#include "tests/support/python.h"

using namespace mtl;
using test::contains;

namespace {

constexpr const char* check = "tests/framework/report/page/browser_check.py";

}  // namespace

TEST_CASE("a run's page in a browser: no message, no request, all tables, no sideways scrolling") {
  const test::TemporaryFolder folder;
  folder.write("run.html", run_page(test::sample_run()));
  const auto browser = test::run_python(folder.path(), check, "run.html 10");
  if (!browser.can_run) return;
  INFO(browser.log);
  CHECK(browser.code == 0);
  if (contains(browser.log, "skipped")) MESSAGE(browser.log);
}

TEST_CASE("the check finds what it looks for") {
  const test::TemporaryFolder folder;
  folder.write("bad.html",
               "<!doctype html><title>bad</title><body><div style='width:900px'>wide</div>"
               "<img src='http://example.invalid/a.png'><script>console.error('oops')</script></body>");
  const auto browser = test::run_python(folder.path(), check, "bad.html 1");
  if (!browser.can_run || contains(browser.log, "skipped")) return;
  INFO(browser.log);
  CHECK(browser.code == 1);
  for (const char* problem : {"oops", "asks for http://example.invalid/a.png", "has 0 tables", "has a script",
                              "pixels wide where 400 are there"})
    CHECK(contains(browser.log, problem));
}
