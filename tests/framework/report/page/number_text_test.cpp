#include "framework/report/page/number_text.h"

#include <doctest/doctest.h>

#include <clocale>
#include <cmath>
#include <limits>

using namespace mtl;

namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

}  // namespace

TEST_CASE("numbers as people read them") {
  CHECK(share_text(0.93528) == "93.53 %");
  CHECK(points_text(0.0048) == "+0.48");
  CHECK(points_text(-0.0048) == "−0.48");
  CHECK(points_text(-0.00001) == "0.00");
  CHECK(points_interval_text(-0.001, 0.0106) == "[−0.10, +1.06]");
  CHECK(p_text(0.03125) == "0.031");
  CHECK(p_text(0.0000001) == "< 0.001");
  CHECK(general_text(0.001) == "0.001");
  CHECK(general_text(3.14159) == "3.142");
  CHECK(count_text(1, "image") == "1 image");
  CHECK(count_text(0, "image") == "0 images");
  CHECK(elapsed_text(8.6) == "9 s");
  CHECK(elapsed_text(754) == "12 min 34 s");
  CHECK(elapsed_text(7500) == "2 h 5 min");
  CHECK(spaced("macro_f1") == "macro f1");
}

TEST_CASE("what is not finite is a dash, and nothing in a file") {
  for (const std::string& text :
       {fixed_text(not_a_number, 2), general_text(not_a_number), share_text(not_a_number), points_text(not_a_number),
        points_interval_text(not_a_number, not_a_number), p_text(not_a_number), share_text(HUGE_VAL)})
    CHECK(text == "–");
  CHECK(exact_text(not_a_number) == "");
}

TEST_CASE("a number in a file reads back the same") {
  for (double value : {0.1, 1.0 / 3, -1e-300, 12.0, 5e20})
    CHECK(std::strtod(exact_text(value).c_str(), nullptr) == value);
}

TEST_CASE("a locale with a decimal comma changes nothing") {
  if (!std::setlocale(LC_NUMERIC, "de_DE.UTF-8")) return;
  CHECK(fixed_text(0.5, 1) == "0.5");
  CHECK(exact_text(0.5) == "0.5");
  std::setlocale(LC_NUMERIC, "C");
}
