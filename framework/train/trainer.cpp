#include "framework/train/trainer.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>

#include "framework/model/autocast.h"
#include "framework/model/weights.h"
#include "framework/support/random.h"
#include "framework/train/loss_checks.h"
#include "framework/train/schedule.h"
#include "mtl/error.h"
#include "plugins/host/plugin_call.h"

namespace mtl {
namespace {

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

const TaskResult& main_result(const std::vector<TaskResult>& tasks) {
  return *std::find_if(tasks.begin(), tasks.end(), [](const TaskResult& task) { return task.main; });
}

bool is_better(const TaskResult& candidate, const TaskResult& best) {
  const Figure &a = candidate.figures.front(), &b = best.figures.front();
  if (a.value == b.value) return candidate.loss < best.loss;
  return a.higher_is_better ? a.value > b.value : a.value < b.value;
}

size_t main_task_of(const std::vector<TaskFacts>& tasks) {
  return static_cast<size_t>(std::find_if(tasks.begin(), tasks.end(), [](const TaskFacts& task) { return task.main; }) -
                             tasks.begin());
}

bool is_finite(const std::vector<NamedTensor>& state) {
  return std::all_of(state.begin(), state.end(),
                     [](const NamedTensor& named) { return named.tensor.isfinite().all().item<bool>(); });
}

}  // namespace

Trainer::Trainer(TrainingParts parts, const TrainSettings& settings, TrainingObserver& observer)
    : parts_(std::move(parts)),
      settings_(settings),
      observer_(observer),
      parameters_(parts_.model.parameters()),
      optimizer_(make_optimizer(settings.optimizer, parameters_)),
      autocast_(autocast_type(settings.precision, parts_.device)),
      scaler_(autocast_ == at::kHalf),
      tuning_(parts_.model, settings.fine_tuning),
      loss_meters_(parts_.tasks.size()),
      weight_means_(parts_.tasks.size()),
      gradients_(parts_.model, main_task_of(parts_.tasks), settings.gradient_batches),
      batches_per_epoch_(parts_.train.batches()),
      steps_per_epoch_((batches_per_epoch_ + settings.accumulate - 1) / settings.accumulate) {
  if (settings.ema_decay > 0) average_.emplace(parts_.model.state(), settings.ema_decay);
}

TrainingOutcome Trainer::run() {
  TrainingOutcome outcome;
  int64_t epoch = 1;
  try {
    run_epochs(outcome, epoch);
  } catch (...) {
    keep_unfinished(epoch);
    throw;
  }
  return outcome;
}

void Trainer::run_epochs(TrainingOutcome& outcome, int64_t& epoch) {
  for (; epoch <= settings_.epochs; ++epoch) {
    choose_sources(epoch);
    EpochResult result;
    result.epoch = epoch;
    if (!train_epoch(epoch - 1, result)) {
      outcome.interrupted = true;
      observer_.epoch_unfinished(epoch, parts_.model.state());
      break;
    }
    finish_epoch(result, outcome);
    if (settings_.patience > 0 && epoch - outcome.best_epoch >= settings_.patience && epoch < settings_.epochs) {
      outcome.stopped_early = true;
      break;
    }
  }
}

/// What failed is being thrown, and is what the user is told; that its weights cannot be kept as well is not.
void Trainer::keep_unfinished(int64_t epoch) noexcept try {
  const bool made_a_step = step_ > (epoch - 1) * steps_per_epoch_;
  const std::vector<NamedTensor> state = parts_.model.state();
  if (made_a_step && is_finite(state)) observer_.epoch_unfinished(epoch, state);
} catch (...) {
}

/// Features are kept no longer than they are used.
void Trainer::choose_sources(int64_t epoch) {
  if (!tuning_.is_probe(epoch))
    probe_ = {};
  else if (!probe_.train)
    probe_ = parts_.make_probe();
  train_ = probe_.train ? probe_.train.get() : &parts_.train;
  validation_ = probe_.validation ? probe_.validation.get() : &parts_.validation;
}

bool Trainer::train_epoch(int64_t epoch, EpochResult& result) {
  const auto start = std::chrono::steady_clock::now();
  tuning_.start_epoch(epoch + 1);
  for (MeanMeter& meter : loss_meters_) meter.reset();
  std::fill(weight_means_.begin(), weight_means_.end(), 0.0);
  gradients_.reset();
  observer_.epoch_started(epoch + 1, batches_per_epoch_);
  train_->start_epoch(epoch);

  int64_t images = 0;
  for (int64_t index = 0; auto batch = train_->next(); ++index) {
    const int64_t group_start = index - index % settings_.accumulate;
    const int64_t group_size = std::min(settings_.accumulate, batches_per_epoch_ - group_start);
    batch->to(parts_.device);
    const at::Tensor total = backward(*batch, epoch, index, group_size);
    if (index + 1 == group_start + group_size) optimizer_step();
    images += batch->size();
    observer_.batch_done(batch->size(), [&] { return total.item<double>(); });
    if (observer_.stop_requested()) return false;
  }

  for (size_t k = 0; k < loss_meters_.size(); ++k) {
    result.train_losses.push_back(loss_meters_[k].value());
    result.weights.push_back(weight_means_[k]);
  }
  gradients_.write_to(result);
  result.learning_rate = learning_rate_;
  result.seconds = seconds_since(start);
  result.images_per_second = static_cast<double>(images) / result.seconds;
  result.data_wait_share = train_->waited_seconds() / result.seconds;
  require_finite(parts_.model.heads(), main_task_of(parts_.tasks), result);
  return true;
}

at::Tensor Trainer::backward(const Batch& batch, int64_t epoch, int64_t batch_index, int64_t group_size) {
  const auto counter = static_cast<uint64_t>(epoch * batches_per_epoch_ + batch_index);
  std::vector<TaskLoss> losses;
  at::Tensor total;
  {
    const AutocastScope autocast(parts_.device, autocast_);
    const std::vector<at::Tensor> outputs =
        outputs_of(parts_.model, batch, derive_seed(parts_.seed, "step", {counter}));
    losses = task_losses(parts_.model.heads(), outputs, batch);
    if (!scaler_.is_active() && is_time_to_look(parts_.device, batch_index + 1))
      require_finite(parts_.model.heads(), losses, {epoch + 1, batch_index + 1, step_ > 0});
    const std::vector<double> weights = step_weights(losses, epoch);
    for (size_t k = 0; k < losses.size(); ++k) {
      const at::Tensor weighted = losses[k].mean * weights[k];
      total = total.defined() ? total + weighted : weighted;
      loss_meters_[k].add(losses[k].per_sample, losses[k].labelled);
      weight_means_[k] += (weights[k] - weight_means_[k]) / static_cast<double>(batch_index + 1);
    }
  }
  if (gradients_.is_due(batch_index, batches_per_epoch_)) gradients_.add(losses, scaler_.scale());
  (total * (scaler_.scale() / static_cast<double>(group_size))).backward();
  return total.detach();
}

std::vector<double> Trainer::step_weights(const std::vector<TaskLoss>& losses, int64_t epoch) {
  StepLosses step;
  step.step = step_;
  step.epoch = epoch;
  for (const TaskLoss& loss : losses) {
    step.labelled.push_back(loss.any_labelled);
    if (parts_.weighting.needs_losses()) step.losses.push_back(loss.mean.item<double>());
  }
  const std::string who = "the loss weighting (" + parts_.weighting_library + ")";
  std::vector<double> weights = host::call_plugin(who, [&] { return parts_.weighting.weights(step); });
  const bool valid = weights.size() == losses.size() &&
                     std::all_of(weights.begin(), weights.end(), [](double w) { return std::isfinite(w) && w >= 0; });
  if (!valid || std::all_of(weights.begin(), weights.end(), [](double w) { return w == 0; }))
    throw Error(who + " returned weights that are not " + std::to_string(losses.size()) +
                " finite numbers >= 0 with one above 0, in step " + std::to_string(step_));
  return normalized(std::move(weights), parts_.normalize);
}

/// Constant while the heads alone learn; the schedule is of the epochs after that.
double Trainer::learning_rate() const {
  const FineTuningSettings& tuning = settings_.fine_tuning;
  const int64_t step = step_ - tuning.probe_epochs * steps_per_epoch_;
  if (step < 0 && tuning.probe_learning_rate > 0) return tuning.probe_learning_rate;
  if (step < 0) return settings_.optimizer.learning_rate;
  return settings_.optimizer.learning_rate *
         learning_rate_share(settings_.schedule, step, steps_per_epoch_, settings_.epochs - tuning.probe_epochs);
}

void Trainer::optimizer_step() {
  learning_rate_ = learning_rate();
  if (scaler_.unscale(parameters_)) {
    if (settings_.clip_norm > 0) optimizer_->clip(settings_.clip_norm);
    optimizer_->step(learning_rate_,
                     tuning_.rate_shares(static_cast<double>(step_ + 1) / static_cast<double>(steps_per_epoch_)));
    if (average_) average_->update();
  }
  optimizer_->zero_grad();
  ++step_;
}

void Trainer::finish_epoch(EpochResult& result, TrainingOutcome& outcome) {
  const AveragedScope averaged(average_ ? &*average_ : nullptr);
  result.validation = evaluate(parts_.model, parts_.tasks, *validation_, parts_.device, false).tasks;
  const auto best = std::find_if(outcome.epochs.begin(), outcome.epochs.end(),
                                 [&](const EpochResult& other) { return other.epoch == outcome.best_epoch; });
  result.best =
      best == outcome.epochs.end() || is_better(main_result(result.validation), main_result(best->validation));
  if (result.best) {
    outcome.best_epoch = result.epoch;
    outcome.best = snapshot(parts_.model.state());
  }
  outcome.epochs.push_back(result);
  observer_.epoch_done(result, parts_.model.state());
}

}  // namespace mtl
