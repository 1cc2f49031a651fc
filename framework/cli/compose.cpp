#include "framework/cli/compose.h"

#include <torch/utils.h>

#include "framework/assembly/compute.h"
#include "framework/assembly/make_model.h"
#include "framework/cli/run_digests.h"
#include "framework/config/problems.h"
#include "framework/data/augment.h"
#include "framework/data/augmentation_check.h"
#include "framework/model/weights.h"
#include "framework/support/random.h"
#include "framework/train/feature_cache.h"
#include "framework/train/fine_tuning.h"
#include "mtl/error.h"
#include "mtl/text.h"

namespace mtl {
namespace {

std::shared_ptr<LossWeighting> make_weighting(const RunConfig& config, const host::PluginRegistry& registry) {
  WeightingContext context;
  for (size_t k = 0; k < config.tasks.size(); ++k) {
    context.tasks.push_back(config.tasks[k].name);
    context.static_weights.push_back(config.tasks[k].weight);
    if (config.tasks[k].main) context.main_task = k;
  }
  context.seed = derive_seed(config.run.seed, "weighting");
  return registry.make_weighting(config.weighting.plugin, context);
}

void check_augmentations(const RunConfig& config, const MultiTaskModel& model) {
  Problems problems;
  for (size_t k = 0; k < config.tasks.size(); ++k) {
    TaskTolerance tolerance{config.tasks[k].name, 0, config.tasks[k].mask};
    for (Augmentation augmentation : all_augmentations())
      if (model.heads()[k].survives(augmentation)) tolerance.survives |= bit(augmentation);
    for (const std::string& problem : augmentation_problems(configured_augmentations(config.augment), tolerance))
      problems.add(config.tasks[k].where, problem);
  }
  problems.raise();
}

void check_stages(const RunConfig& config, MultiTaskModel& model) {
  try {
    const FineTuning look(model, config.train.fine_tuning);
  } catch (const Error& error) {
    throw ConfigError({error.what()});
  }
}

/// Encodes every task's labels and tells each head those of the training split.
std::vector<TaskLabels> make_labels(const RunConfig& config, const SampleTable& table, const MultiTaskModel& model) {
  const std::vector<size_t> rows = table.rows_of(Split::train);
  const at::Tensor training = torch::tensor(std::vector<int64_t>(rows.begin(), rows.end()));
  std::vector<TaskLabels> all;
  for (size_t k = 0; k < config.tasks.size(); ++k) {
    const GuardedHead& head = model.heads()[k];
    const std::string column = column_of(config.tasks[k], head);
    TaskLabels labels = encode_labels(table, column, config.tasks[k].name, head.head());
    require_training_labels(table, column, config.tasks[k].name, head.head());
    labels.mask = config.tasks[k].mask;
    head.prepare(labels.targets.index_select(0, training).index({labels.labelled.index_select(0, training)}));
    all.push_back(std::move(labels));
  }
  return all;
}

enum class Images { as_they_are, augmented };

std::unique_ptr<Loader> make_loader(const RunConfig& config, RunParts& parts, Split split, Images images) {
  LoaderSettings settings;
  settings.rows = parts.images.dataset.table.rows_of(split);
  settings.batch_size = config.train.batch_size;
  settings.size = config.input.size;
  settings.normalization = parts.model->backbone().normalization();
  if (images == Images::augmented) settings.augment = config.augment;
  settings.seed = config.run.seed;
  settings.prefetch = config.engine.prefetch;
  if (config.data.bad_images == "skip") settings.bad_images = parts.bad_images.get();
  return std::make_unique<Loader>(*parts.images.pixels, parts.labels, std::move(settings), *parts.workers);
}

/// A feature that is kept has one label: images are not mixed.
std::unique_ptr<Loader> make_probe_loader(RunConfig config, RunParts& parts) {
  config.augment.mixup = config.augment.cutmix = 0;
  const bool one_view = config.train.fine_tuning.probe_views == 1;
  return make_loader(config, parts, Split::train, one_view ? Images::as_they_are : Images::augmented);
}

}  // namespace

std::string column_of(const TaskSettings& task, const GuardedHead& head) {
  return task.column.empty() ? head.default_column() : task.column;
}

std::string main_column(const RunConfig& config, const MultiTaskModel& model) {
  for (size_t k = 0; k < config.tasks.size(); ++k)
    if (config.tasks[k].main) return column_of(config.tasks[k], model.heads()[k]);
  throw Error("there is no main task");
}

void check_names(const LoadedConfig& loaded, const host::PluginRegistry& registry) {
  const RunConfig& config = loaded.config;
  std::vector<std::string> problems = registry.problems(PluginKind::backbone, config.backbone.plugin);
  const auto add = [&](PluginKind kind, const host::PluginChoice& choice) {
    for (std::string& problem : registry.problems(kind, choice)) problems.push_back(std::move(problem));
  };
  for (const TaskSettings& task : config.tasks) add(PluginKind::head, task.plugin);
  add(PluginKind::weighting, config.weighting.plugin);
  const auto require_file = [&](const std::string& key, const std::filesystem::path& file, const char* way_out) {
    std::error_code error;
    if (file.empty() || std::filesystem::is_regular_file(file, error)) return;
    problems.push_back(loaded.origins.at(key) + ": " + key + " = " + in_quotes(file.string()) + " is no file; " +
                       way_out);
  };
  if (config.data.source == "manifest")
    require_file("data.manifest", config.data.manifest, "give the path of a CSV file");
  require_file("backbone.weights", config.backbone.weights,
               "make it first, or take the key out to start from random weights");
  if (!problems.empty()) throw ConfigError(problems);
}

std::unique_ptr<MultiTaskModel> make_trainable_model(const RunConfig& config, const host::PluginRegistry& registry) {
  std::unique_ptr<MultiTaskModel> model = make_model(config, registry);
  check_augmentations(config, *model);
  check_stages(config, *model);
  return model;
}

RunParts compose(const RunConfig& config, const host::PluginRegistry& registry, ImageStore images) {
  RunParts parts;
  parts.device = choose_device(config.engine.device);
  parts.model = make_trainable_model(config, registry);
  parts.notes = parts.model->backbone().notes();
  if (!config.backbone.weights.empty())
    for (std::string& note :
         load_backbone_weights(parts.model->backbone(), config.backbone.weights, config.backbone.weights_strict))
      parts.notes.push_back(std::move(note));
  parts.weighting = make_weighting(config, registry);
  parts.weighting_library = registry.library_of(PluginKind::weighting, config.weighting.plugin);
  for (const TaskSettings& task : config.tasks) parts.tasks.push_back({task.name, task.plugin.name, task.main});

  parts.images = std::move(images);
  complete_splits(parts.images.dataset, config.data, main_column(config, *parts.model));
  parts.workers = std::make_unique<WorkerPool>(config.engine.loader_threads);
  check_images(parts.images, *parts.workers, config.data.bad_images);
  leave_out(parts.images);
  for (const auto& [row, sentence] : parts.images.left_out) parts.notes.push_back(sentence + "; it is left out");
  parts.labels = make_labels(config, parts.images.dataset.table, *parts.model);
  parts.model->to(parts.device);
  parts.train = make_loader(config, parts, Split::train, Images::augmented);
  parts.validation = make_loader(config, parts, Split::validation, Images::as_they_are);
  parts.test = make_loader(config, parts, Split::test, Images::as_they_are);
  if (config.train.fine_tuning.probe_epochs > 0) parts.probe = make_probe_loader(config, parts);
  return parts;
}

WeightingPart weighting_part(const RunConfig& config, const RunParts& parts) {
  WeightingPart part{*parts.weighting, parts.weighting_library, config.weighting.normalize, config.weighting.over, {}};
  for (const TaskSettings& task : config.tasks) part.static_weights.push_back(task.weight);
  return part;
}

Probe make_probe(const RunConfig& config, RunParts& parts) {
  const FineTuningSettings& tuning = config.train.fine_tuning;
  const int64_t most_bytes = tuning.probe_cache_mb << 20;
  const auto order = [&](Split split) {
    return BatchOrder(parts.images.dataset.table.rows_of(split), config.train.batch_size, split == Split::train,
                      config.run.seed);
  };
  const auto cache = [&](Loader& images, int64_t views, Split split) {
    std::optional<FeatureStore> store;
    if (!tuning.probe_folder.empty())
      store.emplace(tuning.probe_folder, features_key(config, parts) + "_" + name_of(split));
    return std::make_unique<FeatureCache>(*parts.model, images, views, order(split), parts.device, most_bytes,
                                          store ? &*store : nullptr);
  };
  return {cache(*parts.probe, tuning.probe_views, Split::train), cache(*parts.validation, 1, Split::validation)};
}

}  // namespace mtl
