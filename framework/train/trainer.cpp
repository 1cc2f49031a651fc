#include "framework/train/trainer.h"

#include <torch/utils.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>

#include "framework/config/checkpoint_interval.h"
#include "framework/model/autocast.h"
#include "framework/model/weights.h"
#include "framework/support/random.h"
#include "framework/train/schedule.h"
#include "mtl/error.h"
#include "mtl/options.h"

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

/// One step of the optimizer, on `accumulate` batches.
void Trainer::train_step() {
  const int64_t size = std::min(settings_.accumulate, batches_per_epoch_ - at_.batch);
  guard_.begin();
  shared_.begin_step();
  std::optional<Batch> batch;
  uint64_t seed = 0;
  for (int64_t i = 0; i < size; ++i) {
    batch = train_->next();
    batch->to(parts_.device);
    seed = draw_seed();
    const at::Tensor total = backward(*batch, seed, size);
    at_.images += batch->size();
    ++at_.batch;
    observer_.batch_done(batch->size(), [&] { return total.item<double>(); });
  }
  shared_.finish_step(place(size), gradients_);
  const bool moved = optimizer_step();
  if (moved && shared_.looks_back() && !batch->features) shared_.look_back(losses_again(*batch, seed));
}

uint64_t Trainer::draw_seed() const {
  return derive_seed(parts_.seed, "step", {static_cast<uint64_t>((at_.epoch - 1) * batches_per_epoch_ + at_.batch)});
}

BatchPlace Trainer::place(int64_t group_size) const { return {at_.step, at_.epoch - 1, scaler_.scale(), group_size}; }

/// Through the heads to the features, and as the weighting wants it from there on.
at::Tensor Trainer::backward(const Batch& batch, uint64_t draw_seed, int64_t group_size) {
  std::vector<TaskLoss> losses;
  BatchLosses kept;
  at::Tensor total;
  std::optional<FeatureCut> cut;
  {
    const AutocastScope autocast(parts_.device, autocast_);
    torch::manual_seed(draw_seed);
    cut.emplace(batch.features ? *batch.features : parts_.model.features(batch.images), parts_.tasks.size());
    losses = task_losses(parts_.model.heads(), parts_.model.forward(cut->leaves(), draw_seed), batch);
    for (size_t k = 0; k < losses.size(); ++k) {
      const at::Tensor part = losses[k].mean * shared_.head_weights()[k];
      total = total.defined() ? total + part : part;
      kept.per_sample.push_back(losses[k].per_sample.detach());
      kept.labelled.push_back(losses[k].labelled);
    }
  }
  guard_.add(batch.rows, std::move(kept), total);
  (total * (scaler_.scale() / static_cast<double>(group_size))).backward();
  const bool is_measured = gradients_.is_due(at_.batch, batches_per_epoch_);
  shared_.add(*cut, losses, place(group_size), is_measured ? &gradients_ : nullptr);
  return total.detach();
}

/// The losses of a batch that was trained on, as the model is now; its batch-norms keep what they have.
std::vector<TaskLoss> Trainer::losses_again(const Batch& batch, uint64_t draw_seed) {
  const torch::NoGradGuard no_grad;
  const AutocastScope autocast(parts_.device, autocast_);
  guard_.keep_buffers();
  std::vector<TaskLoss> losses = task_losses(parts_.model.heads(), outputs_of(parts_.model, batch, draw_seed), batch);
  guard_.take_back();
  return losses;
}

/// Constant while the heads alone learn; the schedule is of the epochs after that.
double Trainer::learning_rate() const {
  const FineTuningSettings& tuning = settings_.fine_tuning;
  const int64_t step = at_.step - tuning.probe_epochs * steps_per_epoch_;
  if (step < 0 && tuning.probe_learning_rate > 0) return tuning.probe_learning_rate;
  if (step < 0) return settings_.optimizer.learning_rate;
  return settings_.optimizer.learning_rate *
         learning_rate_share(settings_.schedule, step, steps_per_epoch_, settings_.epochs - tuning.probe_epochs);
}

/// Whether the step was taken.
bool Trainer::optimizer_step() {
  at_.learning_rate = learning_rate();
  ++at_.step;
  if (!guard_.losses_are_finite()) {
    leave_out_step();
    return false;
  }
  const bool fits = scaler_.unscale(parameters_);  // where not, float16 overflowed, and the scale is lower now
  if (fits && !std::isfinite(optimizer_->clip(settings_.clip_norm))) {
    leave_out_step();
    return false;
  }
  if (fits) {
    optimizer_->step(at_.learning_rate,
                     tuning_.rate_shares(static_cast<double>(at_.step) / static_cast<double>(steps_per_epoch_)));
    if (average_) average_->update();
  }
  optimizer_->zero_grad();
  for (const BatchLosses& batch : guard_.batches()) meters_.add(batch);
  for (const std::vector<double>& weights : shared_.weights()) meters_.add_weights(weights);
  ++at_.taken_steps;
  at_.bad_in_a_row = 0;
  return fits;
}

void Trainer::leave_out_step() {
  BadStep bad = guard_.explain();
  bad.epoch = at_.epoch;
  bad.batch = at_.batch;
  guard_.take_back();
  optimizer_->zero_grad();
  ++at_.skipped_steps;
  ++at_.bad_in_a_row;
  std::vector<std::string> images;
  for (const size_t row : bad.rows) images.push_back(parts_.image_name(row));
  const std::string sentence = sentence_of(bad, images);
  observer_.step_skipped(sentence + "; the step is left out");
  const bool was_whole_epoch = at_.batch == batches_per_epoch_ && at_.skipped_steps == steps_per_epoch_;
  if (at_.bad_in_a_row < settings_.most_bad_steps && !was_whole_epoch) return;
  throw Error("the last " + std::to_string(at_.bad_in_a_row) + " steps had to be left out: " + sentence +
              (at_.taken_steps == 0
                   ? ", before any step was taken: its loss() or its labels are at fault"
                   : ", at a learning rate of " + to_toml(at_.learning_rate) +
                         "; lower train.optimizer.learning_rate, raise train.schedule.warmup_epochs or set "
                         "train.clip_norm, and look at these images"));
}

void Trainer::finish_epoch() {
  EpochResult result;
  result.epoch = at_.epoch;
  meters_.write_to(result);
  gradients_.write_to(result);
  result.learning_rate = at_.learning_rate;
  result.skipped_steps = at_.skipped_steps;
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
