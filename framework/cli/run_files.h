#pragma once

#include <spdlog/logger.h>

#include <filesystem>
#include <memory>

#include "framework/cli/compose.h"
#include "framework/report/metrics_log.h"
#include "framework/report/progress.h"
#include "framework/report/run_record.h"
#include "framework/train/checkpoint_store.h"
#include "framework/train/trainer.h"

namespace mtl {

/// Who writes the files, and how.
struct RunFilesContext {
  std::filesystem::path folder;
  std::vector<std::string> tasks;
  int64_t epochs = 0;  ///< to be trained
  RunRecord record;    ///< of the run when it began
  std::shared_ptr<spdlog::logger> log;
  std::ostream& terminal;
  bool is_terminal = false;
  BadImages* bad_images = nullptr;  ///< that training meets
};

/// Writes a run's files while it trains: metrics.jsonl, the checkpoints, the weights in checkpoints/last and
/// checkpoints/best, and lines for the log.
class RunFiles : public TrainingObserver {
 public:
  /// `earlier` are the epochs that were finished before this start.
  RunFiles(RunFilesContext context, CheckpointStore& checkpoints, const std::vector<EpochResult>& earlier);

  void epoch_started(int64_t epoch, int64_t batches, int64_t done) override;
  void batch_done(int64_t images, const std::function<double()>& loss) override;
  void epoch_done(const EpochResult& result, const std::vector<NamedTensor>& state) override;
  void epoch_unfinished(int64_t epoch, const std::vector<NamedTensor>& state) override;
  void step_skipped(const std::string& sentence) override;
  void batch_halved(int64_t parts) override;
  void save(const TrainingState& state) override;
  bool stop_requested() const override;

  /// After training: the model, curves, the test's figures, confusion matrices, predictions, the page, and last of all
  /// the completed record.
  void finish(const RunParts& parts, const LoadedConfig& loaded, const TrainingOutcome& outcome,
              const Evaluation& test);

 private:
  void tell_of_bad_images();
  void save_weights(const std::string& name, int64_t epoch, bool whole_epoch, const std::vector<NamedTensor>& state);

  RunFilesContext context_;
  CheckpointStore& checkpoints_;
  Progress progress_;
  MetricsLog metrics_;
};

/// classes.json: per task the plugin and its class names, which of them are normal.
void write_classes(const std::filesystem::path& file, const RunParts& parts);

}  // namespace mtl
