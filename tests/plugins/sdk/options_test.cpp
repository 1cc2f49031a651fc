#include "mtl/options.h"

#include <doctest/doctest.h>

#include "tests/support/temporary_folder.h"

using namespace mtl;

TEST_CASE("values are read as the type they were declared with") {
  const Options options({{"on", true},
                         {"count", int64_t{3}},
                         {"share", 0.25},
                         {"kind", std::string("fast")},
                         {"names", std::vector<std::string>{"a", "b"}}});
  CHECK(options.boolean("on"));
  CHECK(options.integer("count") == 3);
  CHECK(options.number("share") == 0.25);
  CHECK(options.string("kind") == "fast");
  CHECK(options.strings("names") == std::vector<std::string>{"a", "b"});
  CHECK(test::error_of([&] { options.number("count"); }) ==
        "the plugin reads option 'count' as a number, but declared it as a integer");
  CHECK(test::error_of([&] { options.string("sort"); }) == "the plugin reads option 'sort', which it did not declare");
}

TEST_CASE("a specification carries its range and choices") {
  const OptionSpec share = OptionSpec::number("share", 0.5, "a share").between(0, 1);
  CHECK(share.minimum == 0.0);
  CHECK(share.maximum == 1.0);
  CHECK(std::get<double>(*share.default_value) == 0.5);
  CHECK_FALSE(OptionSpec::string("file", {}, "a file").default_value.has_value());
  CHECK(OptionSpec::string("kind", "a", "").one_of({"a", "b"}).choices == std::vector<std::string>{"a", "b"});
}

TEST_CASE("values are written as TOML that reads back the same") {
  CHECK(to_toml(true) == "true");
  CHECK(to_toml(int64_t{-7}) == "-7");
  CHECK(to_toml(1.0) == "1.0");
  CHECK(to_toml(0.1) == "0.1");
  CHECK(to_toml(1e-8) == "1e-08");
  CHECK(to_toml(std::string("say \"hi\"\\\n")) == "\"say \\\"hi\\\"\\\\\\u000A\"");
  CHECK(to_toml(std::vector<std::string>{"a", "b"}) == "[\"a\", \"b\"]");
}
