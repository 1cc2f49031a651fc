#include "framework/cli/run_command.h"

#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <torch/version.h>
#include <unistd.h>

#include <iostream>

#include "framework/assembly/compute.h"
#include "framework/cli/compose.h"
#include "framework/cli/interrupt.h"
#include "framework/cli/resume.h"
#include "framework/cli/run_digests.h"
#include "framework/cli/run_files.h"
#include "framework/config/resolved_config.h"
#include "framework/memory/cpu_allocator.h"
#include "framework/model/autocast.h"
#include "framework/model/weights.h"
#include "framework/report/environment.h"
#include "framework/report/result_table.h"
#include "framework/report/run_folder.h"
#include "framework/report/run_record.h"
#include "framework/support/atomic_file.h"
#include "framework/support/folder_lock.h"
#include "mtl/error.h"
#include "mtl/text.h"
#include "plugins/host/failure.h"

namespace mtl {
namespace {

namespace fs = std::filesystem;

/// To the terminal as plain lines, to the file with the time.
std::shared_ptr<spdlog::logger> make_log(const fs::path& file) {
  auto terminal = std::make_shared<spdlog::sinks::stdout_sink_mt>();
  terminal->set_pattern("%v");
  auto to_file = std::make_shared<spdlog::sinks::basic_file_sink_mt>(file.string());
  to_file->set_pattern("%Y-%m-%d %H:%M:%S %l %v");
  auto log = std::make_shared<spdlog::logger>("run", spdlog::sinks_init_list{terminal, to_file});
  log->flush_on(spdlog::level::info);
  return log;
}

std::string weights_text(const RunConfig& config) {
  std::vector<double> weights;
  for (const TaskSettings& task : config.tasks) weights.push_back(task.weight);
  weights = normalized(std::move(weights), config.weighting.normalize);
  std::vector<std::string> parts;
  for (size_t k = 0; k < weights.size(); ++k) parts.push_back(config.tasks[k].name + " " + to_toml(weights[k]));
  return "loss weights (" + config.weighting.plugin.name + ", normalize " + config.weighting.normalize +
         "): " + join(parts, ", ");
}

void log_memory(spdlog::logger& log, const MemoryFigures& figures) {
  if (figures.most_in_use == 0) return;
  const uint64_t blocks = figures.reused + figures.fresh;
  log.info("memory of tensors: {:.2f} GiB at most; {:.1f} % of {} large blocks lay on kept memory",
           static_cast<double>(figures.most_in_use) / (1 << 30),
           100.0 * static_cast<double>(figures.reused) / static_cast<double>(blocks), blocks);
}

void log_start(spdlog::logger& log, const LoadedConfig& loaded, const RunParts& parts, const fs::path& folder,
               int threads) {
  const RunConfig& config = loaded.config;
  log.info("run {} in {}", config.run.name, folder.string());
  log.info("{}", counts_text(parts.images.dataset.table));
  log.info("{} on {} with {} compute threads and {} loader threads; {} of {} images kept in {}",
           config.backbone.plugin.name, parts.device.str(), threads, config.engine.loader_threads,
           parts.images.pixels->kept(), parts.images.dataset.table.size(),
           config.data.cache_folder.empty() ? "memory" : "a file in " + config.data.cache_folder.string());
  log.info("{}", weights_text(config));
  for (const std::string& note : parts.notes) log.info("{}", note);
}

void write_start(const fs::path& folder, const LoadedConfig& loaded, const RunParts& parts, const RunRecord& record) {
  write_file(folder / "config.toml", resolved_toml(loaded));
  write_classes(folder / "classes.json", parts);
  write_environment(folder / "environment.json",
                    {MTL_VERSION, TORCH_VERSION, __VERSION__, record.device, static_cast<int>(record.threads),
                     loaded.config.backbone.weights.string(), record.digests.weights});
}

RunRecord begin_record(const RunConfig& config, RunParts& parts, int threads) {
  RunRecord record;
  record.name = config.run.name;
  record.engine_version = MTL_VERSION;
  record.device = parts.device.str();
  record.threads = threads;
  record.seed = config.run.seed;
  record.digests = digests_of(config, parts);
  for (size_t k = 0; k < config.tasks.size(); ++k)
    record.columns.push_back(column_of(config.tasks[k], parts.model->heads()[k]));
  return record;
}

/// Checkpoints hold the model, up to two tensors of the optimizer and the moving average for each of its own, and the
/// best weights; besides them there are three files of weights.
int64_t bytes_needed(const RunConfig& config, const MultiTaskModel& model) {
  constexpr int64_t of_checkpoint = 5, besides = 3, reserve = int64_t{8} << 20;
  int64_t bytes = 0;
  for (const NamedTensor& named : model.state()) bytes += static_cast<int64_t>(named.tensor.nbytes());
  return bytes * (of_checkpoint * (config.train.keep_checkpoints + 1) + besides) + reserve;
}

/// Says so where it is. Throws mtl::Error where its record is damaged.
bool is_finished(const RunSettings& run) {
  const fs::path folder = run.folder / run.name;
  if (!has_record(folder)) return false;
  read_record(folder);
  std::cout << "run " << run.name << " in " << folder.string() << " is finished; there is nothing to go on with\n";
  return true;
}

/// The sentence where memory ran out; activations, which are most of it, grow with the batch.
std::string out_of_memory_text(const RunConfig& config) {
  const at::Device device = choose_device(config.engine.device);
  const int64_t batch = config.train.batch_size, half = std::max<int64_t>(1, batch / 2);
  const std::string size = std::to_string(config.input.size);
  std::string text = "there is not enough memory on " + device.str() + " for batches of " + std::to_string(batch) +
                     " images of " + size + " x " + size + " pixels; ";
  if (batch > 1)
    text += "batches of " + std::to_string(half) + " take about half: --set train.batch_size=" + std::to_string(half) +
            " --set train.accumulate=" + std::to_string(2 * config.train.accumulate) +
            " makes as large steps, and --set train.out_of_memory=halve does the like by itself; ";
  return text + "or lower input.size" + (device.is_cpu() ? " or data.cache_mb" : "");
}

std::vector<std::string> names_of(const std::vector<TaskFacts>& tasks) {
  std::vector<std::string> names;
  for (const TaskFacts& task : tasks) names.push_back(task.name);
  return names;
}

}  // namespace

int train(const LoadedConfig& loaded, const PluginAccess& plugins, Start start,
          const std::function<ImageStore()>& open) try {
  const RunConfig& config = loaded.config;
  const bool goes_on = start == Start::resumed && is_used_run_folder(config.run.folder, config.run.name);
  if (goes_on && is_finished(config.run)) return 0;
  const int threads = prepare_compute(config.engine);
  // The first look at CUDA comes before the first plugin is opened: the other way round can deadlock.
  autocast_type(config.train.precision, choose_device(config.engine.device));
  const host::PluginRegistry registry = open_plugins(plugins, config.engine.plugin_dirs);
  check_names(loaded, registry);
  const auto check_folder = [&] {
    if (goes_on)
      require_same_settings(config.run.folder / config.run.name, loaded);
    else
      require_unused_run_folder(config.run.folder, config.run.name);
  };
  check_folder();

  RunParts parts = compose(config, registry, open());
  const fs::path folder = make_run_folder(config.run.folder, config.run.name, bytes_needed(config, *parts.model));
  const FolderLock lock(folder);
  check_folder();  // another may have used it while the pictures were read
  const auto log = make_log(folder / "run.log");
  const RunRecord record = begin_record(config, parts, threads);
  log_start(*log, loaded, parts, folder, threads);
  make_folder(folder / "checkpoints");
  CheckpointStore checkpoints(folder / "checkpoints", config.train.keep_checkpoints);
  const std::optional<TrainingState> earlier = goes_on ? last_checkpoint(checkpoints, record, *log) : std::nullopt;
  write_start(folder, loaded, parts, record);

  catch_interrupts();
  RunFiles files({folder, names_of(parts.tasks), config.train.epochs, record, log, std::cout,
                  ::isatty(STDOUT_FILENO) != 0, parts.bad_images.get()},
                 checkpoints, earlier ? earlier->epochs : std::vector<EpochResult>{});
  Trainer trainer({*parts.model, parts.tasks, weighting_part(config, parts), *parts.train, *parts.validation,
                   [&] { return make_probe(config, parts); }, parts.device, config.run.seed,
                   [&](size_t row) { return parts.images.dataset.table.images[row]; }},
                  config.train, files);
  const TrainingOutcome outcome = trainer.run(earlier ? &*earlier : nullptr);
  if (outcome.interrupted) return 128 + interrupt_signal();
  if (outcome.stopped_early)
    log->info("stopped early: no better epoch than {} in {} epochs", outcome.best_epoch, config.train.patience);

  log_memory(*log, cpu_allocator::figures());
  cpu_allocator::release();

  restore(parts.model->state(), outcome.best);
  const Evaluation test = evaluate(*parts.model, parts.tasks, *parts.test, parts.device, true);
  files.finish(parts, loaded, outcome, test);
  log->info("test split, weights of epoch {}:\n{}\nfiles in {}", outcome.best_epoch, result_table(test.tasks),
            folder.string());
  return 0;
} catch (const std::exception& failure) {
  if (!host::is_out_of_memory(failure)) throw;
  throw Error(out_of_memory_text(loaded.config));
}

int run(const ConfigArguments& arguments) {
  const LoadedConfig loaded = load_run_config(arguments.file, arguments.overrides);
  return train(loaded, arguments.plugins, arguments.resume ? Start::resumed : Start::anew,
               [&] { return open_images(loaded.config); });
}

}  // namespace mtl
