#include <doctest/doctest.h>

#include "framework/study/arms.h"
#include "mtl/error.h"

using namespace mtl;

namespace {

std::vector<TaskSettings> tasks_called(const std::vector<std::string>& names, size_t main = 0) {
  std::vector<TaskSettings> tasks(names.size());
  for (size_t k = 0; k < names.size(); ++k) {
    tasks[k].name = names[k];
    tasks[k].main = k == main;
  }
  return tasks;
}

std::vector<std::string> names_of(const std::vector<Arm>& arms) {
  std::vector<std::string> names;
  for (const Arm& arm : arms) names.push_back(arm.name);
  return names;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("all subsets of three auxiliary tasks are the eight arms, fewest tasks first") {
  CHECK(names_of(make_arms({"all_subsets"}, tasks_called({"A", "B", "C", "D"}))) ==
        Names{"a", "ab", "ac", "ad", "abc", "abd", "acd", "abcd"});
}

TEST_CASE("the main task comes first wherever it stands in the base") {
  const std::vector<Arm> arms = make_arms({"all_subsets"}, tasks_called({"B", "A"}, 1));
  CHECK(names_of(arms) == Names{"a", "ab"});
  CHECK(arms[1].tasks == std::vector<size_t>{1, 0});
}

TEST_CASE("single additions and lists have the main task alone as their reference, and nothing twice") {
  const auto tasks = tasks_called({"A", "B", "C"});
  CHECK(names_of(make_arms({"single_additions"}, tasks)) == Names{"a", "ab", "ac"});
  CHECK(names_of(make_arms({"cba", "abc", "ab"}, tasks)) == Names{"a", "ab", "abc"});
}

TEST_CASE("names longer than a letter are joined with a dash") {
  const auto tasks = tasks_called({"Defect", "light", "Region"});
  CHECK(names_of(make_arms({"all_subsets"}, tasks)).back() == "defect-light-region");
  CHECK(names_of(make_arms({"Defect-Region"}, tasks)) == Names{"defect", "defect-region"});
}

TEST_CASE("names that differ in their case alone keep it") {
  CHECK(names_of(make_arms({"all_subsets"}, tasks_called({"A", "a"}))) == Names{"A", "Aa"});
}

TEST_CASE("an arm that is none says what there is") {
  const auto tasks = tasks_called({"A", "B"});
  CHECK_THROWS_WITH_AS(
      make_arms({"ax"}, tasks),
      "the arm 'ax' names the task 'x', which the base has not (did you mean 'a'?); its tasks are 'a', 'b', "
      "and an arm is called 'ab'",
      Error);
  CHECK_THROWS_WITH_AS(make_arms({"b"}, tasks), "the arm 'b' lacks the main task 'A'; every arm trains it", Error);
  CHECK_THROWS_AS(make_arms({"all_subsets"}, tasks_called(Names(14, "t"))), Error);
}
