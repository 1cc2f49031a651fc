#pragma once

#include <cmath>
#include <limits>
#include <string>

#include "framework/study/study_result.h"
#include "tests/framework/report/page/sample_run.h"

namespace mtl::test {

inline constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

/// A difference with an interval of the given half width.
inline CrossedEstimate sample_estimate(double value, double half_width) {
  CrossedEstimate estimate;
  estimate.value = value;
  estimate.standard_error = half_width / 2.1;
  estimate.degrees_of_freedom = 11.3;
  estimate.p = std::abs(value) > half_width ? 0.0123 : 0.34;
  estimate.interval = {value - half_width, value + half_width};
  return estimate;
}

inline Comparison sample_comparison(const std::string& arm, const std::string& figure, double value,
                                    double half_width) {
  Comparison comparison;
  comparison.estimate = sample_estimate(value, half_width);
  comparison.over_seeds = {value, value / half_width * 2, 2, 0.08, {value - 0.01, value + 0.01}};
  comparison.sign_flip_p = 0.25;
  comparison.over_images = {12, 7, 0.0004, true};
  comparison.bootstrap = {value - 0.7 * half_width, value + 0.7 * half_width};
  comparison.adjusted_p = comparison.estimate.p * 2;
  const bool is_shown = std::abs(value) > half_width;
  comparison.verdict = !is_shown ? Verdict::not_shown : value > 0 ? Verdict::better : Verdict::worse;
  comparison.sentence = is_shown
                            ? arm + " is " + (value > 0 ? "more" : "less") + " accurate than a: the difference in " +
                                  figure + " is larger than chance explains."
                            : "No difference in " + figure + " between " + arm +
                                  " and a is shown; 9 seeds would show one of the size seen.";
  return comparison;
}

inline FigureSummary sample_figure(const std::string& arm, const std::string& name, double mean, double gain) {
  const bool is_rate = name.ends_with("rate");
  FigureSummary figure{name, !is_rate, {mean - 0.004, mean, mean + 0.004}, mean, 0.004, {}};
  if (arm != "a") figure.comparison = sample_comparison(arm, name, gain, 0.011);
  return figure;
}

inline EpochSummary sample_epoch(const std::vector<std::string>& tasks, int64_t number, double gain) {
  const double t = static_cast<double>(number), rise = 1 - std::exp(-t / 5);
  EpochSummary epoch{number, {}};
  for (size_t k = 0; k < tasks.size(); ++k) {
    const double shift = static_cast<double>(k);
    epoch.tasks.push_back({tasks[k], 2.5 * (1 - rise) + 0.1 + 0.2 * shift, 2.3 * (1 - rise) + 0.3 + 0.2 * shift,
                           0.4 + 0.5 * rise + gain + 0.01 * std::sin(t + 40 * gain),
                           k == 0 ? 1 : 0.3 + 0.02 * shift * t, 1.0,
                           k == 0 ? 1 : 0.5 - 0.3 * shift + 0.1 * std::sin(t / 3 + shift)});
  }
  return epoch;
}

/// The arm named by the letters of its tasks in lower case: "abd".
inline ArmResult sample_arm(const std::string& name, double gain) {
  ArmResult arm;
  arm.name = name;
  for (char letter : name) arm.tasks.push_back(std::string(1, static_cast<char>(letter - 'a' + 'A')));
  arm.seeds = {1, 2, 3};
  arm.is_reference = name == "a";
  arm.figures = {sample_figure(name, "accuracy", 0.9305 + gain, gain),
                 sample_figure(name, "defect_accuracy", 0.926 + gain, gain / 2),
                 sample_figure(name, "normal_accuracy", 0.951 + gain, 1.5 * gain),
                 sample_figure(name, "escape_rate", 0.012 - gain / 10, -gain / 10),
                 sample_figure(name, "overkill_rate", 0.034 - gain / 5, -gain / 5)};
  for (size_t k = 1; k < arm.tasks.size(); ++k)
    arm.auxiliaries.push_back(
        {arm.tasks[k], "accuracy", true, {0.97, 0.98, 0.99}, 0.97 + 0.005 * static_cast<double>(k), 0.003});
  for (int64_t epoch = 1; epoch <= 20; ++epoch) arm.epochs.push_back(sample_epoch(arm.tasks, epoch, gain));
  arm.validation_figure = "accuracy";
  arm.confusion = sample_confusion(19, gain > 0 ? 50 : 47, gain > 0 ? 2 : 5);
  for (const char* light : {"ring", "dome", "left | right", "bar"})
    for (const char* region : {"end", "body"})
      arm.slices.push_back({{light, region}, 40, 0.92 + gain + (region[0] == 'e' ? 0.02 : 0)});
  arm.settings = "[run]\nname = \"" + name + "\"\n";
  return arm;
}

/// Eight arms of three seeds with one run that failed and one not begun; all subsets of B, C, D.
inline StudyResult sample_study() {
  StudyResult study;
  study.name = "Do B, C and D help? <i>";
  study.main_task = "A";
  study.engine_version = "0.1.0";
  study.data = "1600 images of synthetic parts (seed 1), 320 for the test";
  study.auxiliary_tasks = {"B", "C", "D"};
  study.choices = {"The loss weights were tuned on the validation split with the same budget in each arm.",
                   "All arms see the same batches in the same order per seed."};
  study.seeds = {1, 2, 3};
  study.most_tasks = 4;
  study.test_images = 320;
  study.test_groups = 80;
  study.slice_columns = {"light", "region"};
  VariantResult variant;
  const std::pair<const char*, double> arms[] = {{"a", 0},       {"ab", -0.014}, {"ac", 0.002},   {"ad", 0.006},
                                                 {"abc", 0.001}, {"abd", 0.009}, {"acd", 0.0125}, {"abcd", 0.0187}};
  for (const auto& [name, gain] : arms) {
    variant.arms.push_back(sample_arm(name, gain));
    for (uint64_t seed : study.seeds) {
      StudyRun run;
      run.name = std::string(name) + "-" + std::to_string(seed);
      run.arm = name;
      run.seed = seed;
      run.finished = run.name != "abd-3" && run.name != "acd-2";
      run.problem = run.name == "abd-3" ? "no space left on the device (<b>full</b>)" : "";
      run.best_epoch = 14;
      run.epochs = 20;
      run.seconds = 812;
      run.device = "cpu";
      run.threads = 2;
      run.folder = "runs/" + run.name;
      study.runs.push_back(run);
    }
  }
  for (const char* task : {"B", "C", "D"})
    for (const char* figure : {"accuracy", "normal_accuracy"})
      variant.attributions.push_back({task, figure, sample_estimate(0.004 * (task[0] - 'B') - 0.002, 0.004),
                                      sample_estimate(0.005 * (task[0] - 'B') - 0.003, 0.005)});
  study.variants.push_back(variant);
  return study;
}

/// The same under two choices of the loss weighting.
inline StudyResult sample_study_with_axes() {
  StudyResult study = sample_study();
  study.variants.push_back(study.variants.front());
  study.variants[0].label = "weighting fixed";
  study.variants[1].label = "weighting gls | <b>";
  const std::vector<StudyRun> runs = study.runs;
  study.runs.clear();
  for (const VariantResult& variant : study.variants)
    for (StudyRun run : runs) {
      run.variant = variant.label;
      study.runs.push_back(run);
    }
  study.axis_comparisons = {{"abcd", study.variants[1].label, study.variants[0].label, "accuracy",
                             sample_comparison("abcd", "accuracy", 0.004, 0.011)}};
  return study;
}

}  // namespace mtl::test
