// What of a training a checkpoint holds, and going on from one.
#include "framework/train/state_parts.h"
#include "framework/train/trainer.h"
#include "mtl/error.h"

namespace mtl {

TrainingState Trainer::state() const {
  TrainingState state = at_;
  add_part(state.tensors, "model", parts_.model.state());
  add_part(state.tensors, "optimizer", optimizer_->state());
  add_part(state.tensors, "weighting", shared_.state());
  add_part(state.tensors, "scaler", scaler_.state());
  if (average_) add_part(state.tensors, "average", average_->state());
  add_part(state.tensors, "meters", meters_.state());
  add_part(state.tensors, "gradients", gradients_.state());
  return state;
}

void Trainer::continue_from(const TrainingState& from) try {
  load_into(parts_.model.state(), part_of(from.tensors, "model"));
  optimizer_->load_state(part_of(from.tensors, "optimizer"));
  shared_.load_state(part_of(from.tensors, "weighting"));
  scaler_.load_state(part_of(from.tensors, "scaler"));
  if (average_) average_->load_state(part_of(from.tensors, "average"));
  meters_.load_state(part_of(from.tensors, "meters"), parts_.device);
  gradients_.load_state(part_of(from.tensors, "gradients"), parts_.device);
  at_ = from;
  at_.tensors.clear();
} catch (const Error& error) {
  throw Error(std::string("the checkpoint is of another model or training: ") + error.what());
}

}  // namespace mtl
