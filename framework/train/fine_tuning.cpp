#include "framework/train/fine_tuning.h"

#include <algorithm>
#include <cmath>

#include "mtl/error.h"
#include "mtl/text.h"

namespace mtl {
namespace {

bool begins_with(const std::string& text, const std::string& prefix) { return text.rfind(prefix, 0) == 0; }

bool keeps_statistics(const torch::nn::Module& module) {
  return module.named_buffers(/*recurse=*/false).contains("running_mean");
}

}  // namespace

FineTuning::FineTuning(MultiTaskModel& model, const FineTuningSettings& settings)
    : model_(model), settings_(settings), stages_(model.backbone().stages()) {
  const auto count = static_cast<int64_t>(stages_.size());
  if (settings.freeze_stages > count)
    throw Error("train.fine_tuning.freeze_stages = " + std::to_string(settings.freeze_stages) +
                " is more than the backbone has: it has " + std::to_string(count) + ", " + quoted_list(stages_) +
                "; -1 freezes all");
  frozen_ = static_cast<size_t>(settings.freeze_stages < 0 ? count : settings.freeze_stages);
  for (const auto& item : model.backbone().named_parameters()) {
    const auto stage = std::find_if(stages_.begin(), stages_.end(),
                                    [&](const std::string& prefix) { return begins_with(item.key(), prefix); });
    if (stage == stages_.end())
      throw Error("the backbone's stages() has none for its parameter " + in_quotes(item.key()) + "; it names " +
                  quoted_list(stages_));
    backbone_.push_back({item.key(), item.value()});
    stage_of_.push_back(static_cast<size_t>(stage - stages_.begin()));
  }
}

bool FineTuning::is_frozen(size_t stage, int64_t epoch) const {
  const bool is_thawed = settings_.thaw_epoch > 0 && epoch >= settings_.thaw_epoch;
  return stage < frozen_ && !is_thawed;
}

void FineTuning::start_epoch(int64_t epoch) {
  model_.train();
  for (size_t i = 0; i < backbone_.size(); ++i) backbone_[i].tensor.set_requires_grad(!is_frozen(stage_of_[i], epoch));
  for (const auto& item : model_.backbone().named_modules()) {
    const std::string name = item.key() + ".";
    const auto stage = std::find_if(stages_.begin(), stages_.end(),
                                    [&](const std::string& prefix) { return begins_with(name, prefix); });
    const bool in_frozen = stage != stages_.end() && is_frozen(static_cast<size_t>(stage - stages_.begin()), epoch);
    if (keeps_statistics(*item.value()))
      item.value()->train(settings_.frozen_statistics == "none" ||
                          (settings_.frozen_statistics == "frozen_stages" && !in_frozen));
    else if (in_frozen)
      item.value()->eval();  // neither drop-out nor stochastic depth in what does not learn; its parts come after it
  }
}

std::vector<double> FineTuning::rate_shares(double epochs) const {
  const auto start = static_cast<double>(std::max(
      settings_.probe_epochs, settings_.thaw_epoch > 0 && epochs >= static_cast<double>(settings_.thaw_epoch - 1)
                                  ? settings_.thaw_epoch - 1
                                  : 0));
  const double warmup = settings_.backbone_warmup_epochs;
  const double warmed = warmup > 0 ? std::clamp((epochs - start) / warmup, 0.0, 1.0) : 1.0;
  std::vector<double> shares;
  for (const size_t stage : stage_of_)
    shares.push_back(settings_.backbone_rate * warmed *
                     std::pow(settings_.layer_decay, static_cast<double>(stages_.size() - stage)));
  shares.resize(model_.parameters().size(), 1.0);
  return shares;
}

}  // namespace mtl
