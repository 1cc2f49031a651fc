#include "framework/data/task_labels.h"

#include <torch/types.h>

#include <map>
#include <set>

#include "mtl/error.h"
#include "mtl/text.h"

namespace mtl {
namespace {

/// Each distinct cell is encoded once; the head's own complaint gets the line of the cell's first row.
std::map<std::string, at::Tensor> encode_cells(const SampleTable& table, size_t column, const std::string& task,
                                               const TaskHead& head) {
  std::map<std::string, at::Tensor> encoded;
  for (size_t row = 0; row < table.size(); ++row) {
    const std::string& cell = table.cells[row][column];
    if (cell.empty() || encoded.count(cell)) continue;
    try {
      encoded[cell] = head.encode(cell);
    } catch (const std::exception& error) {
      throw Error(table.where(row) + ": task '" + task + "', column " + in_quotes(table.columns[column]) + ": " +
                  error.what());
    }
    const at::Tensor& first = encoded.begin()->second;
    if (encoded[cell].sizes() != first.sizes() || encoded[cell].scalar_type() != first.scalar_type())
      throw Error("task '" + task + "': its head encodes " + in_quotes(cell) + " to another shape or type than " +
                  in_quotes(encoded.begin()->first));
  }
  return encoded;
}

}  // namespace

TaskLabels encode_labels(const SampleTable& table, const std::string& column_name, const std::string& task,
                         const TaskHead& head) {
  const size_t column = table.column(column_name);
  const auto encoded = encode_cells(table, column, task, head);
  const at::Tensor missing =
      torch::zeros_like(encoded.empty() ? head.encode(head.sample_cells().front()) : encoded.begin()->second);
  std::vector<at::Tensor> targets;
  TaskLabels labels;
  labels.labelled = torch::zeros({static_cast<int64_t>(table.size())}, torch::kBool);
  for (size_t row = 0; row < table.size(); ++row) {
    const std::string& cell = table.cells[row][column];
    targets.push_back(cell.empty() ? missing : encoded.at(cell));
    if (!cell.empty()) labels.labelled[static_cast<int64_t>(row)] = true;
  }
  labels.targets = torch::stack(targets);
  return labels;
}

void require_training_labels(const SampleTable& table, const std::string& column_name, const std::string& task,
                             const TaskHead& head) {
  const size_t column = table.column(column_name);
  std::set<std::string> present;
  bool any = false;
  const bool classifies = !head.classes().names.empty();
  for (size_t row : table.rows_of(Split::train)) {
    const std::string& cell = table.cells[row][column];
    if (cell.empty()) continue;
    any = true;
    if (classifies) present.insert(head.decode(head.encode(cell)));
  }
  const std::string lead = table.source + ": task '" + task + "': ";
  if (!any) throw Error(lead + "no training image has a label in column " + in_quotes(table.columns[column]));
  if (!classifies) return;
  if (present.size() == 1)
    throw Error(lead + "every training image has the class " + in_quotes(*present.begin()) +
                "; a classifier needs two classes or more");
  std::vector<std::string> missing;
  for (const std::string& name : head.classes().names)
    if (!present.count(name)) missing.push_back(name);
  if (!missing.empty())
    throw Error(lead + "no training image has the class " + quoted_list(missing) +
                "; add some, or take it out of the task's classes");
}

}  // namespace mtl
