#include "mtl/text.h"

#include <doctest/doctest.h>

using namespace mtl;

TEST_CASE("nearest finds a slip of the pen and nothing far away") {
  const std::vector<std::string> names{"focal", "region", "illumination"};
  CHECK(nearest("focl", names) == "focal");
  CHECK(nearest("ilumination", names) == "illumination");
  CHECK(nearest("xyz", names).empty());
  CHECK(nearest("", names).empty());
  CHECK(nearest("region", {}).empty());
  CHECK(did_you_mean("regoin", names) == " (did you mean 'region'?)");
  CHECK(nearest("trian", {"train", "trial"}) == "train");
  CHECK(did_you_mean("qqqqqq", names).empty());
}

TEST_CASE("a name of any length costs little") { CHECK(nearest(std::string(1 << 20, 'a'), {"a"}).empty()); }

TEST_CASE("quotes keep hostile text on one line") {
  CHECK(in_quotes("a\nb\tc\x01") == "'a\\nb\\tc\\x01'");
  CHECK(in_quotes(std::string(100, 'x')) == "'" + std::string(80, 'x') + "...'");
  CHECK(in_quotes("größer") == "'größer'");
}

TEST_CASE("lists are cut after the limit") {
  CHECK(quoted_list({"a", "b"}) == "'a', 'b'");
  CHECK(quoted_list({"a", "b", "c"}, 2) == "'a', 'b' and 1 more");
  CHECK(quoted_list({}).empty());
}

TEST_CASE("articles") {
  CHECK(with_article("number") == "a number");
  CHECK(with_article("integer") == "an integer");
}
