#include "plugins/host/option_check.h"

#include <doctest/doctest.h>

#include <limits>

using namespace mtl;
using namespace mtl::host;

namespace {

const std::vector<OptionSpec> specs = {
    OptionSpec::number("gamma", 2.0, "focus").at_least(0), OptionSpec::integer("hidden", 0, "width"),
    OptionSpec::string("weights", "none", "how").one_of({"none", "inverse"}), OptionSpec::boolean("log", false, "talk"),
    OptionSpec::strings("classes", std::nullopt, "their names")};
const GivenOption classes{"classes", std::vector<std::string>{"a", "b"}, "f:1:1"};

std::string problem_of(const std::string& name, OptionValue value) {
  const CheckedOptions checked =
      check_options(specs, {{name, std::move(value), "f:2:3"}, classes}, "head 'focal'", "f:0:1");
  REQUIRE(checked.problems.size() <= 1);
  return checked.problems.empty() ? "" : checked.problems.front();
}

}  // namespace

TEST_CASE("defaults are filled in and an integer serves for a number") {
  const CheckedOptions checked =
      check_options(specs, {{"gamma", int64_t{3}, "f:2:1"}, classes}, "head 'focal'", "f:0:1");
  CHECK(checked.problems.empty());
  const Options options(checked.values);
  CHECK(options.number("gamma") == 3.0);
  CHECK(options.integer("hidden") == 0);
  CHECK(options.string("weights") == "none");
  CHECK_FALSE(options.boolean("log"));
  CHECK(options.strings("classes").size() == 2);
}

TEST_CASE("what does not fit is told with its position and what is expected") {
  CHECK(problem_of("gamma", 1.5) == "");
  CHECK(problem_of("gamma", -1.0) == "f:2:3: head 'focal': option 'gamma' = -1.0 is out of range; >= 0 is expected");
  CHECK(problem_of("gamma", std::numeric_limits<double>::quiet_NaN()) ==
        "f:2:3: head 'focal': option 'gamma' = nan is out of range; >= 0 is expected");
  CHECK(problem_of("gamma", std::string("x")) ==
        "f:2:3: head 'focal': option 'gamma' is a string; a number is expected");
  CHECK(problem_of("hidden", 1.5) == "f:2:3: head 'focal': option 'hidden' is a number; an integer is expected");
  CHECK(problem_of("weights", std::string("inverze")) ==
        "f:2:3: head 'focal': option 'weights' does not take 'inverze' (did you mean 'inverse'?); one of 'none', "
        "'inverse' is expected");
  CHECK(problem_of("gama", 1.0) ==
        "f:2:3: head 'focal' has no option 'gama' (did you mean 'gamma'?); it has 'gamma', 'hidden', 'weights', 'log', "
        "'classes'");
}

TEST_CASE("a missing option is told at the plugin's own position") {
  const CheckedOptions checked = check_options(specs, {}, "head 'focal'", "f:0:1");
  REQUIRE(checked.problems.size() == 1);
  CHECK(checked.problems[0] == "f:0:1: head 'focal' needs the option 'classes': their names");
}
