#pragma once

#include <string>
#include <vector>

#include "framework/report/evaluation_result.h"

namespace mtl {

/// One classifying task's answers to some images.
struct AnsweredTask {
  std::string name;
  ClassList classes;
  std::vector<std::string> truths;       ///< "" where not labelled
  std::vector<std::string> predictions;  ///< out of classes.names
};

/// The figures of every task over each combination of cells that occurs; cells[image][column]. In the order of the
/// cells, then of the tasks; a task without a labelled image in a slice has none there.
std::vector<SliceFigures> slices_of(const std::vector<AnsweredTask>& tasks,
                                    const std::vector<std::vector<std::string>>& cells);

/// The images on which tasks that know normal classes disagree about normal or defect.
std::vector<Contradiction> contradictions_of(const std::vector<AnsweredTask>& tasks,
                                             const std::vector<std::string>& images);

}  // namespace mtl
