#include "framework/data/task_labels.h"

#include <doctest/doctest.h>

#include "tests/framework/data/labels.h"
#include "tests/support/temporary_folder.h"

using namespace mtl;

namespace {

/// Cells of one column; the first `train` rows are in train, the others in test.
SampleTable table_of(const std::vector<std::string>& cells, size_t train) {
  SampleTable table;
  table.source = "m.csv";
  table.columns = {"defect"};
  for (size_t row = 0; row < cells.size(); ++row) {
    table.images.push_back(std::to_string(row));
    table.groups.push_back(std::to_string(row));
    table.splits.push_back(row < train ? Split::train : Split::test);
    table.cells.push_back({cells[row]});
    table.lines.push_back(row + 2);
  }
  return table;
}

const test::NamesHead head({"free", "crack"});

std::string error(const std::vector<std::string>& cells, size_t train, const std::string& column = "defect") {
  return test::error_of([&] {
    encode_labels(table_of(cells, train), column, "A", head);
    require_training_labels(table_of(cells, train), column, "A", head);
  });
}

}  // namespace

TEST_CASE("cells become targets, empty ones are not labelled") {
  const TaskLabels labels = encode_labels(table_of({"crack", "", "free", "crack"}, 3), "defect", "A", head);
  CHECK(labels.targets.equal(torch::tensor({1, 0, 0, 1}, torch::kLong)));
  CHECK(labels.labelled.equal(torch::tensor({true, false, true, true})));
}

TEST_CASE("labels that cannot be learnt are told") {
  CHECK(error({"crack", "fre", "free"}, 3) == "m.csv:3: task 'A', column 'defect': unknown label 'fre'");
  CHECK(error({"", "", "free"}, 2) == "m.csv: task 'A': no training image has a label in column 'defect'");
  CHECK(error({"free", "free", "crack"}, 2) ==
        "m.csv: task 'A': every training image has the class 'free'; a classifier needs two classes or more");
  CHECK(error({"free"}, 1, "defcet") == "m.csv has no label column 'defcet' (did you mean 'defect'?); it has 'defect'");
  const test::NamesHead three({"free", "crack", "dent"});
  CHECK(test::error_of([&] {
          require_training_labels(table_of({"free", "crack", "dent"}, 2), "defect", "A", three);
        }) ==
        "m.csv: task 'A': no training image has the class 'dent'; add some, or take it out of the task's classes");
}
