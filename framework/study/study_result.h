#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "framework/report/run_result.h"
#include "framework/study/statistics/crossed_effects.h"
#include "framework/study/statistics/mcnemar.h"
#include "framework/study/statistics/paired_t.h"

/// What a study found, as plain values for its tables and its page. Shares are 0..1, differences too (0.01 is one
/// percentage point); NaN is "not defined".
namespace mtl {

enum class Verdict { better, worse, not_shown };

/// A figure of one arm minus the same of the reference.
struct Comparison {
  size_t seeds = 0, groups = 0;  ///< that both have; of images that count for the figure
  CrossedEstimate estimate;      ///< over seeds and groups of images: what the verdict rests on
  PairedT over_seeds;
  double sign_flip_p = 1;
  McNemar over_images;    ///< an image counts as better where more seeds have it right than in the reference
  Interval bootstrap{};   ///< over groups, the seeds as they are
  double adjusted_p = 1;  ///< Holm, over the arms compared
  Verdict verdict = Verdict::not_shown;
  std::string sentence;  ///< the verdict in words
};

/// One figure of the main task in one arm.
struct FigureSummary {
  std::string name;  ///< accuracy, defect_accuracy, normal_accuracy, escape_rate, overkill_rate
  bool higher_is_better = true;
  std::vector<double> by_seed;           ///< in the order of the arm's seeds
  double mean = 0, deviation = 0;        ///< the standard deviation over the seeds; NaN with one
  std::optional<Comparison> comparison;  ///< none for the reference itself
};

/// One auxiliary task in one arm: its head's first figure on the test split.
struct AuxiliarySummary {
  std::string task, figure;  ///< "B", "accuracy"
  bool is_share = true;
  std::vector<double> by_seed;
  double mean = 0, deviation = 0;
};

/// One task in one epoch, mean over the seeds that had this epoch.
struct TaskEpoch {
  std::string task;
  double train_loss, validation_loss, validation_figure;  ///< the figure is the head's first
  double weight;                                          ///< applied to its loss
  double gradient_norm,
      gradient_cosine;  ///< on the shared parameters; the cosine with the main task's; NaN: not measured
};
struct EpochSummary {
  int64_t epoch;  ///< from 1
  std::vector<TaskEpoch> tasks;
};

/// The main task's accuracy on the images of one region, light, ..., mean over seeds.
struct SliceSummary {
  std::vector<std::string> cells;  ///< one per StudyResult::slice_columns
  int64_t images = 0;
  double accuracy = 0;
};

struct ArmResult {
  std::string name;                ///< "abcd"
  std::vector<std::string> tasks;  ///< the main one first
  std::vector<uint64_t> seeds;     ///< of the finished runs
  bool is_reference = false;       ///< the main task alone
  std::vector<FigureSummary> figures;
  std::vector<AuxiliarySummary> auxiliaries;
  std::vector<EpochSummary> epochs;
  std::string validation_figure;  ///< name of the main head's first figure
  bool validation_is_share = true;
  ConfusionCounts confusion;  ///< of the main task on the test split, summed over seeds
  std::vector<SliceSummary> slices;
  std::string settings;  ///< the resolved TOML of its first run
};

/// What an auxiliary task adds to a figure of the main one, over all subsets of the others.
struct TaskAttribution {
  std::string task, figure;
  CrossedEstimate shapley, main_effect;
};

/// The arms under one choice of the axes.
struct VariantResult {
  std::string label;  ///< "weighting NAME, backbone NAME"; "" in a study without axes
  std::vector<ArmResult> arms;
  std::vector<TaskAttribution> attributions;  ///< empty where not all subsets are there
};

struct StudyRun {
  std::string name, arm, variant;
  uint64_t seed = 0;
  bool finished = false;
  std::string problem;  ///< why it is not finished; "": not started
  int64_t best_epoch = 0, epochs = 0;
  double seconds = 0;
  std::string device;
  int64_t threads = 0;
  std::string folder;  ///< relative to the study's
};

/// An arm under a later choice of the axes against the same arm under the first.
struct AxisComparison {
  std::string arm, variant, reference;
  std::string figure;
  Comparison comparison;
};

struct StudyResult {
  std::string name, main_task, engine_version,
      data;  ///< data: "640 images of synthetic parts (seed 1), 128 for the test"
  std::vector<std::string> auxiliary_tasks;
  std::vector<std::string> choices;  ///< sentences: how the loss weights were made comparable, ...
  std::vector<uint64_t> seeds;
  size_t most_tasks = 1;  ///< of the arm with most
  int64_t test_images = 0, test_groups = 0;
  std::vector<std::string> slice_columns;
  std::vector<VariantResult> variants;
  std::vector<AxisComparison> axis_comparisons;
  std::vector<StudyRun> runs;
};

}  // namespace mtl
