#pragma once

#include <spdlog/logger.h>

#include <filesystem>
#include <memory>

#include "framework/cli/compose.h"
#include "framework/report/metrics_log.h"
#include "framework/report/progress.h"
#include "framework/report/run_record.h"
#include "framework/train/trainer.h"

namespace mtl {

/// Writes a run's files while it trains: metrics.jsonl, checkpoints/last and checkpoints/best, and lines for the log.
class RunFiles : public TrainingObserver {
 public:
  RunFiles(std::filesystem::path folder, std::vector<std::string> tasks, int64_t epochs,
           std::shared_ptr<spdlog::logger> log, std::ostream& terminal, bool is_terminal);

  void epoch_started(int64_t epoch, int64_t batches) override;
  void batch_done(int64_t images, const std::function<double()>& loss) override;
  void epoch_done(const EpochResult& result, const std::vector<NamedTensor>& state) override;
  void epoch_unfinished(int64_t epoch, const std::vector<NamedTensor>& state) override;
  bool stop_requested() const override;

  /// After training: the model, curves, the test's figures, confusion matrices, predictions, the page, and last of all
  /// the completed record.
  void finish(const RunParts& parts, const LoadedConfig& loaded, RunRecord record, const TrainingOutcome& outcome,
              const Evaluation& test);

 private:
  void save_checkpoint(const std::string& name, int64_t epoch, bool whole_epoch, const std::vector<NamedTensor>& state);

  std::filesystem::path folder_;
  std::vector<std::string> tasks_;
  int64_t epochs_;
  std::shared_ptr<spdlog::logger> log_;
  Progress progress_;
  MetricsLog metrics_;
};

/// classes.json: per task the plugin and its class names, which of them are normal.
void write_classes(const std::filesystem::path& file, const RunParts& parts);

}  // namespace mtl
