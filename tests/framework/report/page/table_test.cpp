#include "framework/report/page/table.h"

#include <doctest/doctest.h>

#include "framework/report/page/table_html.h"
#include "framework/report/page/table_text.h"
#include "tests/support/contains.h"

using namespace mtl;
using test::contains;

namespace {

Table sample() {
  return {"t1",
          "A <caption>",
          "How to | read it",
          {{"class", {"class"}}, {"accuracy", {"mean", "low"}, true}, {"time", {}, true}},
          {{{"a|b", {}}, {"50 %\n[0, 1]", {0.5, no_number}, "", Tone::good}, {"3 s", {}}},
           {{"<script>", {}, "plain"}, {"–", {no_number}}, {"4 s", {}}}}};
}

}  // namespace

TEST_CASE("HTML: named, with heads of rows and columns, reachable by keyboard, and all text is text") {
  const std::string html = table_html(sample());
  CHECK(contains(html, "role=\"region\" tabindex=\"0\" aria-label=\"A &lt;caption&gt;\""));
  CHECK(contains(html, "<caption><span>A &lt;caption&gt;</span></caption>"));
  CHECK(contains(html, "<th scope=\"col\" class=\"n\"><span>accuracy</span></th>"));
  CHECK(contains(html, "<th scope=\"row\"><span>&lt;script&gt;</span></th>"));
  CHECK(contains(html, "<td class=\"n good\"><span>50 %<span class=\"detail\">[0, 1]</span></span></td>"));
  CHECK_FALSE(contains(html, "<script>"));
}

TEST_CASE("HTML: a coloured cell keeps its number, a link leads to a path") {
  Table table = sample();
  table.rows = {{{"x", {}}, {"7", {7}, "", Tone::plain, -2.0}, {"run", {}, "", Tone::plain, 0, "runs/a b"}}};
  const std::string html = table_html(table);
  CHECK(contains(html, "<td class=\"n hot-bad\" style=\"--heat:0.56\"><span>7</span></td>"));
  CHECK(contains(html, "<a href=\"./runs/a%20b\">run</a>"));
}

TEST_CASE("HTML: without rows it says so") {
  Table table = sample();
  table.rows.clear();
  CHECK(contains(table_html(table), "<td colspan=\"3\" class=\"quiet\">nothing yet</td>"));
}

TEST_CASE("Markdown: no cell ends early, columns for the page only are left out") {
  CHECK(table_markdown(sample()) ==
        "**A \\<caption\\>**\n\n| class | accuracy |\n| --- | ---: |\n| a\\|b | 50 %<br>\\[0, 1\\] |\n| \\<script\\> | "
        "– |\n"
        "\nHow to \\| read it\n");
}

TEST_CASE("CSV: a column per number, empty where there is none") {
  CHECK(table_csv(sample()) == "class,mean,low\na|b,0.5,\nplain,,\n");
}
