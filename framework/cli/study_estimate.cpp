#include "framework/cli/study_estimate.h"

#include <algorithm>
#include <chrono>

#include "framework/assembly/compute.h"
#include "framework/cli/compose.h"

namespace mtl {
namespace {

using Clock = std::chrono::steady_clock;

/// Lets a few batches pass and keeps when each ended.
class Watch : public TrainingObserver {
 public:
  void epoch_started(int64_t, int64_t, int64_t) override {}
  void batch_done(int64_t, const std::function<double()>& loss) override {
    loss();  // waits for the device
    ends_.push_back(Clock::now());
  }
  void epoch_done(const EpochResult&, const std::vector<NamedTensor>&) override {}
  void epoch_unfinished(int64_t, const std::vector<NamedTensor>&) override {}
  void step_skipped(const std::string&) override {}
  void batch_halved(int64_t) override {}
  void save(const TrainingState&) override {}
  bool stop_requested() const override { return ends_.size() >= batches; }

  /// The median, which the first slow steps do not reach.
  double seconds_per_batch() const {
    std::vector<double> seconds;
    for (size_t i = 1; i < ends_.size(); ++i)
      seconds.push_back(std::chrono::duration<double>(ends_[i] - ends_[i - 1]).count());
    if (seconds.empty()) return 0;
    std::nth_element(seconds.begin(), seconds.begin() + static_cast<std::ptrdiff_t>(seconds.size() / 2), seconds.end());
    return seconds[seconds.size() / 2];
  }

 private:
  static constexpr size_t batches = 10;
  std::vector<Clock::time_point> ends_;
};

}  // namespace

double estimate_seconds(const LoadedConfig& loaded, const PluginAccess& plugins, ImageStore images) {
  constexpr double evaluation_share = 0.35;  // of a training step: forward alone
  const RunConfig& config = loaded.config;
  prepare_compute(config.engine);
  const auto start = Clock::now();
  RunParts parts = compose(config, open_plugins(plugins, config.engine.plugin_dirs), std::move(images));
  const double setup = std::chrono::duration<double>(Clock::now() - start).count();
  TrainSettings settings = config.train;
  settings.gradient_batches = 0;
  settings.accumulate = 1;  // the watch looks after each step
  settings.fine_tuning.probe_epochs = 0;
  Watch watch;
  Trainer({*parts.model, parts.tasks, weighting_part(config, parts), *parts.train, *parts.validation,
           [] { return Probe{}; }, parts.device, config.run.seed,
           [](size_t row) { return "picture " + std::to_string(row); }},
          settings, watch)
      .run();
  const int64_t batches = parts.train->batches(), probe = config.train.fine_tuning.probe_epochs;
  const int64_t backward_passes =
      std::min(config.train.gradient_batches, batches) * static_cast<int64_t>(parts.tasks.size());
  const auto epochs = static_cast<double>(config.train.epochs - probe);  // on kept features an epoch is a moment
  const double training = static_cast<double>(batches + backward_passes),
               evaluation = evaluation_share * static_cast<double>(parts.validation->batches()),
               test = evaluation_share * static_cast<double>(parts.test->batches()),
               features = probe > 0 ? evaluation_share * static_cast<double>(batches) : 0;
  return setup + watch.seconds_per_batch() * (epochs * (training + evaluation) + test + features);
}

}  // namespace mtl
