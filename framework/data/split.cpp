#include "framework/data/split.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "framework/support/random.h"
#include "mtl/error.h"

namespace mtl {
namespace {

using Strata = std::map<std::string, std::vector<std::string>>;  // label -> groups, both sorted

Strata strata_of(const SampleTable& table, size_t column) {
  std::map<std::string, size_t> images_of_label;
  std::map<std::string, std::vector<std::string>> labels_of_group;
  for (size_t row : table.rows_of(Split::train)) {
    const std::string& label = table.cells[row][column];
    ++images_of_label[label];
    labels_of_group[table.groups[row]].push_back(label);
  }
  Strata strata;
  for (auto& [group, labels] : labels_of_group) {
    std::sort(labels.begin(), labels.end());
    const auto rarest = std::min_element(labels.begin(), labels.end(), [&](const std::string& a, const std::string& b) {
      return images_of_label[a] < images_of_label[b];
    });
    strata[*rarest].push_back(group);
  }
  return strata;
}

size_t share_of(size_t groups, double share) {
  const auto count = static_cast<size_t>(std::lround(static_cast<double>(groups) * share));
  return share > 0 && groups >= 3 ? std::max<size_t>(1, count) : count;
}

}  // namespace

void assign_splits(SampleTable& table, size_t stratify_by, const SplitShares& shares, uint64_t seed) {
  std::map<std::string, Split> split_of_group;
  for (auto& [label, groups] : strata_of(table, stratify_by)) {
    Generator generator(derive_seed(derive_seed(seed, "split"), label));
    std::vector<std::string> order = groups;
    generator.shuffle(order);
    const size_t tests = share_of(order.size(), shares.test);
    const size_t validations =
        std::min(share_of(order.size(), shares.validation), order.size() - std::min(order.size(), tests));
    for (size_t i = 0; i < order.size(); ++i)
      split_of_group[order[i]] = i < tests ? Split::test : i < tests + validations ? Split::validation : Split::train;
  }
  for (size_t row : table.rows_of(Split::train)) table.splits[row] = split_of_group.at(table.groups[row]);
}

void require_all_splits(const SampleTable& table) {
  for (Split split : {Split::train, Split::validation, Split::test})
    if (table.rows_of(split).empty())
      throw Error(table.source + ": the " + name_of(split) +
                  " split is empty; name it in the split column, or leave the column out and set data.validation_share "
                  "and data.test_share");
}

}  // namespace mtl
