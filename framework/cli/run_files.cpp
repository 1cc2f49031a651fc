#include "framework/cli/run_files.h"

#include <torch/version.h>

#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "framework/cli/evaluation_files.h"
#include "framework/cli/interrupt.h"
#include "framework/config/resolved_config.h"
#include "framework/model/safetensors.h"
#include "framework/report/learning_curves.h"
#include "framework/report/page/run_page.h"
#include "framework/report/result_table.h"
#include "framework/support/atomic_file.h"

namespace mtl {
namespace {

void complete(RunRecord& record, const TrainingOutcome& outcome, const Evaluation& test) {
  record.best_epoch = outcome.best_epoch;
  record.epochs = static_cast<int64_t>(outcome.epochs.size());
  record.stopped_early = outcome.stopped_early;
  for (const EpochResult& epoch : outcome.epochs) record.seconds += epoch.seconds;
  record.test = test.tasks;
}

/// Before training and in it, by row.
std::vector<std::string> left_out_of(const RunParts& parts) {
  std::set<size_t> rows;
  for (const auto& [row, sentence] : parts.images.left_out) rows.insert(row);
  for (const size_t row : parts.bad_images->rows()) rows.insert(row);
  std::vector<std::string> names;
  for (const size_t row : rows) names.push_back(parts.images.dataset.table.images[row]);
  return names;
}

RunPage page_of(const RunParts& parts, const LoadedConfig& loaded, const RunRecord& record,
                const TrainingOutcome& outcome) {
  RunPage page;
  page.name = record.name;
  page.epochs = outcome.epochs;
  page.test = record.test;
  page.best_epoch = record.best_epoch;
  page.stopped_early = record.stopped_early;
  page.settings = resolved_toml(loaded);
  page.data = counts_text(parts.images.dataset.table);
  page.environment = {{"mtl-engine", record.engine_version},
                      {"LibTorch", TORCH_VERSION},
                      {"compiler", __VERSION__},
                      {"device", record.device},
                      {"compute threads", std::to_string(record.threads)},
                      {"seed", std::to_string(record.seed)}};
  page.seconds = record.seconds;
  page.left_out = record.left_out;
  return page;
}

}  // namespace

RunFiles::RunFiles(RunFilesContext context, CheckpointStore& checkpoints, const std::vector<EpochResult>& earlier)
    : context_(std::move(context)),
      checkpoints_(checkpoints),
      progress_(context_.terminal, context_.is_terminal, context_.epochs),
      metrics_(context_.folder / "metrics.jsonl", context_.tasks, earlier) {}

void RunFiles::epoch_started(int64_t epoch, int64_t batches, int64_t done) { progress_.start(epoch, batches, done); }

void RunFiles::batch_done(int64_t images, const std::function<double()>& loss) {
  tell_of_bad_images();
  progress_.advance(images, loss);
}

void RunFiles::tell_of_bad_images() {
  for (const std::string& sentence : context_.bad_images->take_new()) {
    progress_.clear();
    context_.log->warn("{}; it is left out", sentence);
  }
}

void RunFiles::epoch_done(const EpochResult& result, const std::vector<NamedTensor>& state) {
  progress_.clear();
  tell_of_bad_images();
  context_.log->info("{}", epoch_line(result, context_.epochs));
  metrics_.epoch(result);
  save_weights("last", result.epoch, true, state);
  if (result.best) save_weights("best", result.epoch, true, state);
}

void RunFiles::epoch_unfinished(int64_t epoch, const std::vector<NamedTensor>& state) {
  progress_.clear();
  save_weights("last", epoch, false, state);
  context_.log->warn("stopped in epoch {}; the weights so far are in {}, and --resume goes on from the last checkpoint",
                     epoch, (context_.folder / "checkpoints/last.safetensors").string());
}

void RunFiles::step_skipped(const std::string& sentence) {
  progress_.clear();
  context_.log->warn("{}", sentence);
}

void RunFiles::batch_halved(int64_t parts) {
  progress_.clear();
  context_.log->warn("memory ran out: each batch goes through the model in {} parts from here on", parts);
}

void RunFiles::save(const TrainingState& state) {
  CheckpointRecord record;
  record.digests = context_.record.digests;
  record.engine_version = context_.record.engine_version;
  record.device = context_.record.device;
  record.threads = context_.record.threads;
  checkpoints_.save(state, std::move(record));
}

bool RunFiles::stop_requested() const { return interrupt_signal() != 0; }

void RunFiles::save_weights(const std::string& name, int64_t epoch, bool whole_epoch,
                            const std::vector<NamedTensor>& state) {
  write_safetensors(
      context_.folder / "checkpoints" / (name + ".safetensors"), state,
      {{"format", "pt"}, {"epoch", std::to_string(epoch)}, {"whole_epoch", whole_epoch ? "true" : "false"}});
}

void RunFiles::finish(const RunParts& parts, const LoadedConfig& loaded, const TrainingOutcome& outcome,
                      const Evaluation& test) {
  tell_of_bad_images();
  RunRecord record = context_.record;
  record.left_out = left_out_of(parts);
  write_safetensors(context_.folder / "model.safetensors", outcome.best,
                    {{"format", "pt"}, {"epoch", std::to_string(outcome.best_epoch)}});
  metrics_.test(outcome.best_epoch, test.tasks);
  write_learning_curves(context_.folder / "learning_curves.png", record.name, context_.tasks, outcome.epochs);
  write_answers(context_.folder, record.name + ", test split", parts.images.dataset.table, parts.tasks, test);
  complete(record, outcome, test);
  write_file(context_.folder / "report.html", run_page(page_of(parts, loaded, record, outcome)));
  flush_to_disk(context_.folder / "metrics.jsonl");  // the record says that all else is there
  write_record(context_.folder, record);
  checkpoints_.remove_all();
}

void write_classes(const std::filesystem::path& file, const RunParts& parts) {
  nlohmann::ordered_json tasks = nlohmann::ordered_json::object();
  for (size_t k = 0; k < parts.tasks.size(); ++k) {
    const ClassList& classes = parts.model->heads()[k].classes();
    tasks[parts.tasks[k].name] = {{"plugin", parts.tasks[k].plugin},
                                  {"main", parts.tasks[k].main},
                                  {"classes", classes.names},
                                  {"normal", classes.normal}};
  }
  write_file(file, tasks.dump(2) + "\n");
}

}  // namespace mtl
