#include "framework/metrics/breakdown.h"

#include <algorithm>
#include <map>

#include "mtl/classification.h"

namespace mtl {
namespace {

int64_t index_of(const ClassList& classes, const std::string& name) {
  return std::find(classes.names.begin(), classes.names.end(), name) - classes.names.begin();
}

bool knows_normal(const ClassList& classes) {
  return std::count(classes.normal.begin(), classes.normal.end(), true) > 0 &&
         std::count(classes.normal.begin(), classes.normal.end(), false) > 0;
}

bool is_normal(const AnsweredTask& task, size_t image) {
  return task.classes.normal.at(static_cast<size_t>(index_of(task.classes, task.predictions[image])));
}

SliceFigures figures_over(const AnsweredTask& task, const std::vector<size_t>& images) {
  ConfusionMatrix matrix(task.classes.names.size());
  for (const size_t i : images)
    if (!task.truths[i].empty())
      matrix.add(index_of(task.classes, task.truths[i]), index_of(task.classes, task.predictions[i]));
  return {{}, task.name, matrix.total(), classification_figures(matrix, task.classes.normal)};
}

}  // namespace

std::vector<SliceFigures> slices_of(const std::vector<AnsweredTask>& tasks,
                                    const std::vector<std::vector<std::string>>& cells) {
  std::map<std::vector<std::string>, std::vector<size_t>> images;
  for (size_t i = 0; i < cells.size(); ++i) images[cells[i]].push_back(i);
  std::vector<SliceFigures> slices;
  for (const auto& [slice, members] : images)
    for (const AnsweredTask& task : tasks) {
      SliceFigures figures = figures_over(task, members);
      figures.cells = slice;
      if (figures.images > 0) slices.push_back(std::move(figures));
    }
  return slices;
}

std::vector<Contradiction> contradictions_of(const std::vector<AnsweredTask>& tasks,
                                             const std::vector<std::string>& images) {
  std::vector<Contradiction> contradictions;
  for (size_t i = 0; i < images.size(); ++i) {
    Contradiction one{images[i], {}};
    bool any_normal = false, any_defect = false;
    for (const AnsweredTask& task : tasks) {
      const bool knows = knows_normal(task.classes);
      one.answers.push_back(knows ? task.predictions[i] : "");
      if (knows) (is_normal(task, i) ? any_normal : any_defect) = true;
    }
    if (any_normal && any_defect) contradictions.push_back(std::move(one));
  }
  return contradictions;
}

}  // namespace mtl
