#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "framework/config/run_config.h"
#include "framework/data/batch_source.h"
#include "framework/metrics/mean_meter.h"
#include "framework/model/multi_task_model.h"
#include "framework/report/run_result.h"
#include "framework/train/evaluate.h"
#include "framework/train/exponential_average.h"
#include "framework/train/fine_tuning.h"
#include "framework/train/loss_scaler.h"
#include "framework/train/optimizer.h"
#include "framework/train/task_gradients.h"
#include "framework/train/task_losses.h"
#include "mtl/loss_weighting.h"

namespace mtl {

/// Features of both splits, computed once, for epochs in which the heads alone learn.
struct Probe {
  std::unique_ptr<BatchSource> train, validation;
};

/// What training works on; everything outlives the trainer.
struct TrainingParts {
  MultiTaskModel& model;
  std::vector<TaskFacts> tasks;
  LossWeighting& weighting;
  std::string weighting_library;  ///< its file, for sentences
  std::string normalize;          ///< of the weights
  BatchSource& train;
  BatchSource& validation;
  std::function<Probe()> make_probe;  ///< called where train.fine_tuning has a probe
  at::Device device;
  uint64_t seed;
};

/// Is told what happens; writes files and draws the progress bar.
class TrainingObserver {
 public:
  virtual ~TrainingObserver() = default;
  virtual void epoch_started(int64_t epoch, int64_t batches) = 0;
  /// `loss` waits for the device: call it only to show it.
  virtual void batch_done(int64_t images, const std::function<double()>& loss) = 0;
  /// `state` holds the values that were evaluated (the averaged ones where there is an average).
  virtual void epoch_done(const EpochResult& result, const std::vector<NamedTensor>& state) = 0;
  /// Training ends within an epoch: a stop was asked for, or something failed. `state` is that of the last whole step.
  virtual void epoch_unfinished(int64_t epoch, const std::vector<NamedTensor>& state) = 0;
  virtual bool stop_requested() const = 0;
};

struct TrainingOutcome {
  std::vector<EpochResult> epochs;
  std::vector<NamedTensor> best;  ///< the state of the best epoch, on the CPU
  int64_t best_epoch = 0;         ///< from 1; 0: none was finished
  bool interrupted = false;
  bool stopped_early = false;
};

/// The epoch loop: train on every batch, evaluate on the validation split, remember the best epoch by the main task's
/// first figure (the lower validation loss where they tie), stop after `patience` epochs without a better one.
class Trainer {
 public:
  Trainer(TrainingParts parts, const TrainSettings& settings, TrainingObserver& observer);
  /// Throws mtl::Error where a loss is no finite number or a plugin is at fault, once the observer has what was
  /// trained.
  TrainingOutcome run();

 private:
  void run_epochs(TrainingOutcome& outcome, int64_t& epoch);
  bool train_epoch(int64_t epoch, EpochResult& result);
  at::Tensor backward(const Batch& batch, int64_t epoch, int64_t batch_index, int64_t group_size);
  void choose_sources(int64_t epoch);
  double learning_rate() const;
  void optimizer_step();
  std::vector<double> step_weights(const std::vector<TaskLoss>& losses, int64_t epoch);
  void finish_epoch(EpochResult& result, TrainingOutcome& outcome);
  void keep_unfinished(int64_t epoch) noexcept;

  TrainingParts parts_;
  const TrainSettings& settings_;
  TrainingObserver& observer_;
  std::vector<NamedTensor> parameters_;
  std::unique_ptr<Optimizer> optimizer_;
  std::optional<at::ScalarType> autocast_;
  LossScaler scaler_;
  std::optional<ExponentialAverage> average_;
  FineTuning tuning_;
  Probe probe_;
  BatchSource* train_ = nullptr;  // of this epoch
  BatchSource* validation_ = nullptr;
  std::vector<MeanMeter> loss_meters_;
  std::vector<double> weight_means_;
  GradientMeter gradients_;
  int64_t batches_per_epoch_, steps_per_epoch_;
  int64_t step_ = 0;
  double learning_rate_ = 0;
};

}  // namespace mtl
