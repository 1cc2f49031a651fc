#include "framework/report/page/html_text.h"

#include <doctest/doctest.h>

using namespace mtl;

TEST_CASE("foreign text is shown and does nothing else") {
  CHECK(html_text("<script>alert('1')</script> & \"x\"") ==
        "&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt; &amp; &quot;x&quot;");
  CHECK(html_text("Gehäuse\n\tÖse 🙂") == "Gehäuse\n\tÖse 🙂");
}

TEST_CASE("what is no UTF-8, a control or turns the direction of text is replaced") {
  const std::string instead = "\xef\xbf\xbd";
  for (const char* bad : {"\xff", "\x80", "\xc3", "\x01", "\x1b", "\x7f", "\xc2\x85", "\xe2\x80\xae", "\xe2\x81\xa6",
                          "\xef\xbf\xbf", "\xef\xb7\x90"}) {
    INFO(bad);
    CHECK(html_text("a" + std::string(bad) + "b") == "a" + instead + "b");
  }
  CHECK(html_text(std::string("a\0b", 3)) == "a" + instead + "b");
  CHECK(html_text("\xc0\xaf") == instead + instead);                              // an overlong '/'
  CHECK(html_text("\xed\xa0\x80") == instead + instead + instead);                // a surrogate
  CHECK(html_text("\xf4\x90\x80\x80") == instead + instead + instead + instead);  // beyond Unicode
  CHECK(html_text("\xe2\x82") == instead + instead);                              // cut off
}

TEST_CASE("a path in a link is a path, never a scheme or a query") {
  CHECK(href_path("runs/a-1/report.html") == "./runs/a-1/report.html");
  CHECK(href_path("javascript:alert(1)?\"") == "./javascript%3Aalert%281%29%3F%22");
}
