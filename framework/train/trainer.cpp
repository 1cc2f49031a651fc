#include "framework/train/trainer.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "framework/config/checkpoint_interval.h"
#include "framework/model/autocast.h"
#include "framework/model/weights.h"

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
      shared_(parts_.model, parts_.weighting),
      meters_(parts_.tasks.size()),
      gradients_(parts_.tasks.size(), main_task_of(parts_.tasks), settings.gradient_batches, parts_.device),
      guard_(parts_.model),
      clock_(parse_interval(settings.checkpoint_every).value()),
      batches_per_epoch_(parts_.train.batches()),
      steps_per_epoch_((batches_per_epoch_ + settings.accumulate - 1) / settings.accumulate) {
  if (settings.ema_decay > 0) average_.emplace(parts_.model.state(), settings.ema_decay);
}

TrainingOutcome Trainer::run(const TrainingState* from) {
  if (from) continue_from(*from);
  clock_.restart();
  try {
    run_epochs();
  } catch (...) {
    keep_unfinished();
    throw;
  }
  TrainingOutcome outcome;
  outcome.interrupted = at_.epoch <= settings_.epochs && !patience_is_over();
  outcome.stopped_early = at_.epoch <= settings_.epochs && patience_is_over();
  outcome.epochs = std::move(at_.epochs);
  outcome.best = std::move(at_.best);
  outcome.best_epoch = at_.best_epoch;
  return outcome;
}

void Trainer::run_epochs() {
  while (at_.epoch <= settings_.epochs && !patience_is_over()) {
    choose_sources();
    if (!train_epoch()) {
      save();
      observer_.epoch_unfinished(at_.epoch, parts_.model.state());
      return;
    }
    finish_epoch();
    const bool is_last = at_.epoch > settings_.epochs || patience_is_over();
    if (is_last || clock_.is_due_after_epoch(at_.epoch - 1)) save();
  }
}

bool Trainer::patience_is_over() const {
  return settings_.patience > 0 && at_.best_epoch > 0 && at_.epoch - 1 - at_.best_epoch >= settings_.patience;
}

/// What failed is being thrown, and is what the user is told; that its weights cannot be kept as well is not.
void Trainer::keep_unfinished() noexcept try {
  const std::vector<NamedTensor> state = parts_.model.state();
  if (at_.batch > 0 && at_.taken_steps > 0 && is_finite(state)) observer_.epoch_unfinished(at_.epoch, state);
} catch (...) {
}

/// Features are kept no longer than they are used.
void Trainer::choose_sources() {
  if (!tuning_.is_probe(at_.epoch))
    probe_ = {};
  else if (!probe_.train)
    probe_ = parts_.make_probe();
  train_ = probe_.train ? probe_.train.get() : &parts_.train;
  validation_ = probe_.validation ? probe_.validation.get() : &parts_.validation;
}

/// False where a stop was asked for.
bool Trainer::train_epoch() {
  const auto start = std::chrono::steady_clock::now();
  const double seconds_before = at_.seconds, waited_before = at_.waited_seconds;
  tuning_.start_epoch(at_.epoch);
  observer_.epoch_started(at_.epoch, batches_per_epoch_, at_.batch);
  train_->start_epoch(at_.epoch - 1, at_.batch);
  while (at_.batch < batches_per_epoch_) {
    train_step();
    at_.seconds = seconds_before + seconds_since(start);
    at_.waited_seconds = waited_before + train_->waited_seconds();
    if (observer_.stop_requested()) return false;
    if (clock_.is_due_after_step(at_.step)) save();
  }
  return true;
}

void Trainer::finish_epoch() {
  EpochResult result;
  result.epoch = at_.epoch;
  meters_.write_to(result);
  gradients_.write_to(result);
  result.learning_rate = at_.learning_rate;
  result.skipped_steps = at_.skipped_steps;
  result.batch_parts = at_.batch_parts;
  result.unsolved_steps = shared_.unsolved() - at_.unsolved_before;
  result.seconds = at_.seconds;
  result.images_per_second = static_cast<double>(at_.images) / at_.seconds;
  result.data_wait_share = at_.waited_seconds / at_.seconds;

  const AveragedScope averaged(average_ ? &*average_ : nullptr);
  result.validation = evaluate(parts_.model, parts_.tasks, *validation_, parts_.device, false).tasks;
  const auto best = std::find_if(at_.epochs.begin(), at_.epochs.end(),
                                 [&](const EpochResult& other) { return other.epoch == at_.best_epoch; });
  result.best = best == at_.epochs.end() || is_better(main_result(result.validation), main_result(best->validation));
  if (result.best) {
    at_.best_epoch = result.epoch;
    at_.best = snapshot(parts_.model.state());
  }
  at_.epochs.push_back(result);
  ++at_.epoch;
  at_.unsolved_before = shared_.unsolved();
  at_.batch = at_.images = at_.skipped_steps = 0;
  at_.seconds = at_.waited_seconds = 0;
  meters_.reset();
  gradients_.reset();
  observer_.epoch_done(result, parts_.model.state());
}

void Trainer::save() {
  observer_.save(state());
  clock_.restart();
}

}  // namespace mtl
