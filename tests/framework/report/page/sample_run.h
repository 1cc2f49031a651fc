#pragma once

#include <cmath>
#include <limits>
#include <string>

#include "framework/report/page/run_page.h"

namespace mtl::test {

inline constexpr const char* hostile_class = "<script>alert(1)</script>";

/// Confusion of `classes` classes, the first one hostile: mostly right, some for the neighbour.
inline ConfusionCounts sample_confusion(size_t classes, int64_t right, int64_t wrong) {
  ConfusionCounts confusion;
  for (size_t k = 0; k < classes; ++k) {
    confusion.classes.names.push_back(k == 0 ? hostile_class : "class " + std::to_string(k));
    confusion.classes.normal.push_back(k + 4 >= classes);
    confusion.counts.emplace_back(classes, 0);
    confusion.counts[k][k] = right - static_cast<int64_t>(k % 3);
    confusion.counts[k][(k + 1) % classes] += wrong;
    if (k % 4 == 0) confusion.counts[k][(k + 5) % classes] += 1;
  }
  return confusion;
}

inline TaskResult sample_task(const std::string& task, bool main, double accuracy, double loss) {
  TaskResult result;
  result.task = task;
  result.plugin = main ? "mtl_classification_head" : "mtl_" + task + "_head";
  result.main = main;
  result.loss = loss;
  result.labelled = 320;
  result.figures = {{"accuracy", accuracy, true, true}, {"macro_f1", accuracy - 0.02, true, true}};
  if (main) {
    result.figures.insert(result.figures.end(), {{"defect_accuracy", accuracy - 0.01, true, true},
                                                 {"normal_accuracy", accuracy + 0.02, true, true},
                                                 {"escape_rate", 0.0125, false, true},
                                                 {"overkill_rate", 0.034, false, true}});
  }
  return result;
}

/// A run of 24 epochs with three classifying tasks and one that is not; the loss of B is unknown in three epochs.
inline RunPage sample_run() {
  RunPage run;
  run.name = "abcd & <b>friends</b>";
  for (int64_t epoch = 1; epoch <= 24; ++epoch) {
    const double t = static_cast<double>(epoch), rise = 1 - std::exp(-t / 6), wave = 0.012 * std::sin(2.1 * t);
    EpochResult result;
    result.epoch = epoch;
    result.learning_rate = 0.0005 * (1 + std::cos(3.1415 * t / 24));
    result.train_losses = {2.6 * (1 - rise) + 0.1, 0.6 * (1 - rise) + 0.05, 0.5 * (1 - rise) + 0.08,
                           0.9 * (1 - rise) + 0.3};
    if (epoch > 9 && epoch < 13) result.train_losses[1] = std::numeric_limits<double>::quiet_NaN();
    result.weights = {1, 0.4, 0.3, 0.2};
    result.gradient_norms = {1.2, 0.5, 0.4, 0.3};
    result.gradient_cosines = {1, 0.5 - 0.02 * t + wave, 0.15 + 4 * wave, -0.2 + 0.01 * t};
    result.validation = {sample_task("A", true, 0.3 + 0.62 * rise + wave, 2.5 * (1 - rise) + 0.3),
                         sample_task("B", false, 0.7 + 0.27 * rise + wave, 0.55 * (1 - rise) + 0.1),
                         sample_task("C", false, 0.8 + 0.19 * rise, 0.4 * (1 - rise) + 0.1)};
    TaskResult angle = sample_task("angle", false, 0, 0.8 * (1 - rise) + 0.35);
    angle.figures = {{"mean_absolute_error", 30 * (1 - rise) + 4, false, false}};
    result.validation.push_back(angle);
    run.epochs.push_back(result);
  }
  run.test = run.epochs[20].validation;
  run.test[0].confusion = {sample_confusion(19, 16, 1)};
  run.test[1].confusion = {{{{"normal", "defect"}, {true, false}}, {{60, 4}, {3, 253}}}};
  run.test[2].confusion = {{{{"end and taper", "circumference"}, {false, false}}, {{150, 5}, {2, 163}}}};
  run.best_epoch = 21;
  run.stopped_early = true;
  run.settings = "[run]\nname = \"abcd\"\nseed = 1\n\n[train]\nepochs = 40\nlearning_rate = 0.001  # </pre><script>\n";
  run.data = "1600 images of synthetic parts: 960 for training, 320 for validation, 320 for the test.";
  run.environment = {{"engine", "0.1.0"}, {"LibTorch", "1.13.1"}, {"device", "cpu"}, {"path", "/tmp/<img src=x>/\xff"}};
  run.seconds = 754;
  return run;
}

}  // namespace mtl::test
