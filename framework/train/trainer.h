#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "framework/config/run_config.h"
#include "framework/data/batch_source.h"
#include "framework/model/multi_task_model.h"
#include "framework/report/run_result.h"
#include "framework/train/checkpoint_clock.h"
#include "framework/train/epoch_meters.h"
#include "framework/train/evaluate.h"
#include "framework/train/exponential_average.h"
#include "framework/train/fine_tuning.h"
#include "framework/train/loss_scaler.h"
#include "framework/train/optimizer.h"
#include "framework/train/shared_gradient.h"
#include "framework/train/step_guard.h"
#include "framework/train/task_gradients.h"
#include "framework/train/task_losses.h"
#include "framework/train/training_state.h"

namespace mtl {

/// Features of both splits, computed once, for epochs in which the heads alone learn.
struct Probe {
  std::unique_ptr<BatchSource> train, validation;
};

/// What training works on; everything outlives the trainer.
struct TrainingParts {
  MultiTaskModel& model;
  std::vector<TaskFacts> tasks;
  WeightingPart weighting;
  BatchSource& train;
  BatchSource& validation;
  std::function<Probe()> make_probe;  ///< called where train.fine_tuning has a probe
  at::Device device;
  uint64_t seed;
  std::function<std::string(size_t)> image_name;  ///< of a row of the sample table
};

/// Is told what happens; writes files and draws the progress bar.
class TrainingObserver {
 public:
  virtual ~TrainingObserver() = default;
  /// Training on an epoch begins, or goes on where `done` of its batches were trained on before.
  virtual void epoch_started(int64_t epoch, int64_t batches, int64_t done) = 0;
  /// `loss` waits for the device: call it only to show it.
  virtual void batch_done(int64_t images, const std::function<double()>& loss) = 0;
  /// `state` holds the values that were evaluated (the averaged ones where there is an average).
  virtual void epoch_done(const EpochResult& result, const std::vector<NamedTensor>& state) = 0;
  /// Training ends within an epoch: a stop was asked for, or something failed. `state` is that of the last whole step.
  virtual void epoch_unfinished(int64_t epoch, const std::vector<NamedTensor>& state) = 0;
  /// A step was left out: a sentence about a loss or gradient that is no finite number.
  virtual void step_skipped(const std::string& sentence) = 0;
  /// Memory ran out: from here on each batch goes through the model in `parts`. The step begins again.
  virtual void batch_halved(int64_t parts) = 0;
  /// A checkpoint is due. The tensors are the model's own.
  virtual void save(const TrainingState& state) = 0;
  /// Looked at after each optimizer step.
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
  /// From the beginning, or bit for bit as the training would have gone on whose state `from` is. Throws mtl::Error
  /// where losses are no finite numbers for long or a plugin is at fault, once the observer has what was trained.
  TrainingOutcome run(const TrainingState* from = nullptr);

 private:
  void run_epochs();
  bool train_epoch();
  void train_step();
  bool try_gradient();
  void make_gradient();
  at::Tensor backward_in_parts(const Batch& batch, int64_t group_size);
  at::Tensor backward(const Batch& batch, uint64_t draw_seed, double share);
  bool can_halve() const;
  void halve();
  uint64_t draw_seed(int64_t part) const;
  void choose_sources();
  double learning_rate() const;
  bool optimizer_step();
  void leave_out_step();
  std::vector<TaskLoss> losses_again(const Batch& batch, uint64_t draw_seed);
  BatchPlace place(double share) const;
  void finish_epoch();
  bool patience_is_over() const;
  void keep_unfinished() noexcept;
  void save();
  TrainingState state() const;
  void continue_from(const TrainingState& from);

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
  SharedGradient shared_;
  EpochMeters meters_;
  GradientMeter gradients_;
  StepGuard guard_;
  CheckpointClock clock_;
  int64_t batches_per_epoch_, steps_per_epoch_;
  std::optional<Batch> last_;  // what the weighting looks back on: the last that went through the model, and its seed
  uint64_t last_seed_ = 0;
  TrainingState at_;  // but for its tensors, which state() adds
};

}  // namespace mtl
