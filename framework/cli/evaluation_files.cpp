#include "framework/cli/evaluation_files.h"

#include "framework/report/confusion_files.h"
#include "framework/report/predictions_csv.h"

namespace mtl {
namespace {

std::vector<ImagePredictions> image_predictions(const SampleTable& table, const Evaluation& evaluation) {
  std::vector<ImagePredictions> images;
  for (size_t i = 0; i < evaluation.rows.size(); ++i) {
    ImagePredictions image{table.images[evaluation.rows[i]], {}, {}};
    for (size_t k = 0; k < evaluation.tasks.size(); ++k) {
      image.truths.push_back(evaluation.truths[k][i]);
      image.predictions.push_back(evaluation.predictions[k][i]);
    }
    images.push_back(std::move(image));
  }
  return images;
}

}  // namespace

void write_answers(const std::filesystem::path& folder, const std::string& what, const SampleTable& table,
                   const std::vector<TaskFacts>& tasks, const Evaluation& evaluation) {
  for (const TaskResult& task : evaluation.tasks)
    for (const ConfusionCounts& confusion : task.confusion) {
      write_confusion_csv(folder / ("confusion_" + task.task + ".csv"), confusion);
      write_confusion_png(folder / ("confusion_" + task.task + ".png"), what + ": task " + task.task, confusion);
    }
  std::vector<std::string> names;
  for (const TaskFacts& task : tasks) names.push_back(task.name);
  write_predictions(folder / "predictions.csv", names, image_predictions(table, evaluation));
}

}  // namespace mtl
