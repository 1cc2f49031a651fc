#include "framework/data/split.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "framework/support/random.h"
#include "tests/support/temporary_folder.h"

using namespace mtl;

namespace {

/// Groups of 1 .. 5 images; an image's label is mostly its group's.
SampleTable random_table(uint64_t seed) {
  Generator random(seed);
  SampleTable table;
  table.source = "random";
  table.columns = {"defect"};
  const size_t groups = 10 + random.below(200), labels = 2 + random.below(8);
  for (size_t g = 0; g < groups; ++g) {
    const uint64_t label = random.below(labels) * random.below(2);  // label 0 is common
    for (size_t i = 0, images = 1 + random.below(5); i < images; ++i) {
      table.images.push_back("g" + std::to_string(g) + "_" + std::to_string(i));
      table.groups.push_back("g" + std::to_string(g));
      table.splits.push_back(Split::train);
      table.cells.push_back({random.chance(0.9) ? "l" + std::to_string(label) : ""});
      table.lines.push_back(0);
    }
  }
  return table;
}

std::map<std::string, Split> by_image(const SampleTable& table) {
  std::map<std::string, Split> splits;
  for (size_t row = 0; row < table.size(); ++row) splits[table.images[row]] = table.splits[row];
  return splits;
}

}  // namespace

TEST_CASE("a split cuts no group, meets its shares and depends on the seed, not on the order of rows") {
  for (uint64_t seed = 0; seed < 60; ++seed) {
    const SampleTable original = random_table(seed);
    SampleTable table = original;
    const SplitShares shares{0.15, 0.2};
    assign_splits(table, 0, shares, seed);

    std::map<std::string, std::set<Split>> splits_of_group;
    for (size_t row = 0; row < table.size(); ++row) splits_of_group[table.groups[row]].insert(table.splits[row]);
    std::map<Split, double> groups;
    for (const auto& [group, splits] : splits_of_group) {
      CHECK(splits.size() == 1);
      ++groups[*splits.begin()];
    }
    // Each of at most 10 strata is off by at most one group.
    const auto total = static_cast<double>(splits_of_group.size());
    CHECK(std::abs(groups[Split::test] - 0.2 * total) <= 10);
    CHECK(std::abs(groups[Split::validation] - 0.15 * total) <= 10);

    SampleTable shuffled;
    shuffled.columns = original.columns;
    std::vector<size_t> order(original.size());
    for (size_t i = 0; i < order.size(); ++i) order[i] = i;
    Generator(seed + 1).shuffle(order);
    for (size_t row : order) {
      shuffled.images.push_back(original.images[row]);
      shuffled.groups.push_back(original.groups[row]);
      shuffled.splits.push_back(original.splits[row]);
      shuffled.cells.push_back(original.cells[row]);
      shuffled.lines.push_back(0);
    }
    assign_splits(shuffled, 0, shares, seed);
    CHECK(by_image(shuffled) == by_image(table));

    SampleTable other = original;
    assign_splits(other, 0, shares, seed + 1000);
    CHECK(by_image(other) != by_image(table));
  }
}

TEST_CASE("each class is spread: shares within one group, and three groups reach all three splits") {
  SampleTable table;
  table.columns = {"defect"};
  const std::map<std::string, int> sizes{{"common", 100}, {"rare", 3}, {"pair", 2}};
  for (const auto& [label, count] : sizes)
    for (int i = 0; i < count; ++i) {
      table.images.push_back(label + std::to_string(i));
      table.groups.push_back(table.images.back());
      table.splits.push_back(Split::train);
      table.cells.push_back({label});
      table.lines.push_back(0);
    }
  assign_splits(table, 0, {0.1, 0.2}, 7);
  std::map<std::string, std::map<Split, int>> counts;
  for (size_t row = 0; row < table.size(); ++row) ++counts[table.cells[row][0]][table.splits[row]];
  CHECK(counts["common"][Split::test] == 20);
  CHECK(counts["common"][Split::validation] == 10);
  CHECK(counts["rare"][Split::test] == 1);
  CHECK(counts["rare"][Split::validation] == 1);
  CHECK(counts["rare"][Split::train] == 1);
}

TEST_CASE("rows that a manifest put somewhere stay there") {
  SampleTable table = random_table(3);
  const std::string group = table.groups[0];
  for (size_t row = 0; row < table.size(); ++row)
    if (table.groups[row] == group) table.splits[row] = Split::test;
  const std::vector<Split> before = table.splits;
  assign_splits(table, 0, {0.2, 0}, 1);
  size_t tests = 0;
  for (size_t row = 0; row < table.size(); ++row) {
    if (before[row] == Split::test) CHECK(table.splits[row] == Split::test);
    tests += table.splits[row] == Split::test;
  }
  CHECK(tests == static_cast<size_t>(std::count(before.begin(), before.end(), Split::test)));
}

TEST_CASE("an empty split is an error that says what to do") {
  SampleTable table = random_table(1);
  CHECK(test::error_of([&] { require_all_splits(table); }) ==
        "random: the validation split is empty; name it in the split column, or leave the column out and set "
        "data.validation_share and "
        "data.test_share");
  assign_splits(table, 0, {0.2, 0.2}, 1);
  CHECK(test::error_of([&] { require_all_splits(table); }) == "");
}
