// One step of the optimizer: the gradient of its batches, whole or in parts, and what is done where there is none.
#include <torch/utils.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "framework/model/autocast.h"
#include "framework/support/random.h"
#include "framework/train/schedule.h"
#include "framework/train/trainer.h"
#include "mtl/error.h"
#include "mtl/options.h"
#include "plugins/host/failure.h"

namespace mtl {

/// One step of the optimizer.
void Trainer::train_step() {
  const int64_t batch = at_.batch, images = at_.images;
  while (!try_gradient()) {
    at_.batch = batch;
    at_.images = images;
    halve();
  }
  const bool moved = optimizer_step();
  if (moved && shared_.looks_back() && !last_->features) shared_.look_back(losses_again(*last_, last_seed_));
  last_.reset();
}

/// False where memory ran out and smaller parts may fit.
bool Trainer::try_gradient() try {
  make_gradient();
  return true;
} catch (const std::exception& failure) {
  if (!host::is_out_of_memory(failure) || !can_halve()) throw;
  return false;
}

bool Trainer::can_halve() const {
  constexpr int64_t least = 2;  // batch-norm needs more than one image where the last map has one place
  return settings_.out_of_memory == "halve" && settings_.batch_size / (2 * at_.batch_parts) >= least;
}

void Trainer::halve() {
  last_.reset();
  guard_.take_back();
  optimizer_->zero_grad();
  at_.batch_parts *= 2;
  observer_.batch_halved(at_.batch_parts);
  observer_.epoch_started(at_.epoch, batches_per_epoch_, at_.batch);
  train_->start_epoch(at_.epoch - 1, at_.batch);
}

/// Of a step of the optimizer: on `accumulate` batches.
void Trainer::make_gradient() {
  const int64_t size = std::min(settings_.accumulate, batches_per_epoch_ - at_.batch);
  guard_.begin();
  shared_.begin_step();
  for (int64_t i = 0; i < size; ++i) {
    const std::optional<Batch> batch = train_->next();
    const at::Tensor total = backward_in_parts(*batch, size);
    at_.images += batch->size();
    ++at_.batch;
    observer_.batch_done(batch->size(), [&] { return total.item<double>(); });
  }
  shared_.finish_step(place(1.0 / static_cast<double>(size)), gradients_);
}

/// The batch's weighted loss [].
at::Tensor Trainer::backward_in_parts(const Batch& batch, int64_t group_size) {
  at::Tensor total;
  const int64_t parts = count_parts(batch, at_.batch_parts);
  for (int64_t i = 0; i < parts; ++i) {
    last_ = part_of(batch, i, parts);
    last_->to(parts_.device);
    last_seed_ = draw_seed(i);
    const double share = static_cast<double>(last_->size()) / static_cast<double>(batch.size());
    const at::Tensor loss = backward(*last_, last_seed_, share / static_cast<double>(group_size)) * share;
    total = total.defined() ? total + loss : loss;
  }
  return total;
}

uint64_t Trainer::draw_seed(int64_t part) const {
  const auto batch = static_cast<uint64_t>((at_.epoch - 1) * batches_per_epoch_ + at_.batch);
  if (part == 0) return derive_seed(parts_.seed, "step", {batch});
  return derive_seed(parts_.seed, "step", {batch, static_cast<uint64_t>(part)});
}

BatchPlace Trainer::place(double share) const { return {at_.step, at_.epoch - 1, scaler_.scale(), share}; }

/// Through the heads to the features, and as the weighting wants it from there on.
at::Tensor Trainer::backward(const Batch& batch, uint64_t draw_seed, double share) {
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
  (total * (scaler_.scale() * share)).backward();
  const bool is_measured = gradients_.is_due(at_.batch, batches_per_epoch_);
  shared_.add(*cut, losses, place(share), is_measured ? &gradients_ : nullptr);
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

}  // namespace mtl
