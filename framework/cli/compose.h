#pragma once

#include <memory>
#include <string>
#include <vector>

#include "framework/cli/dataset.h"
#include "framework/config/run_config_loader.h"
#include "framework/data/loader.h"
#include "framework/model/multi_task_model.h"
#include "framework/train/evaluate.h"
#include "framework/train/trainer.h"
#include "mtl/loss_weighting.h"
#include "plugins/host/plugin_registry.h"

namespace mtl {

/// Looks for what a configuration names: plugins with their options, files. Creates nothing. Throws ConfigError with
/// all that is wrong.
void check_names(const LoadedConfig& loaded, const host::PluginRegistry& registry);

/// make_model(), and what only training asks for: throws ConfigError too where a label does not survive an augmentation
/// or the stages to freeze are not there.
std::unique_ptr<MultiTaskModel> make_trainable_model(const RunConfig& config, const host::PluginRegistry& registry);

/// A run's finished parts; later members use earlier ones, so they are made in this order and destroyed in the reverse.
struct RunParts {
  at::Device device = at::kCPU;
  ImageStore images;
  std::unique_ptr<MultiTaskModel> model;
  std::vector<TaskFacts> tasks;
  std::shared_ptr<LossWeighting> weighting;
  std::string weighting_library;
  std::vector<TaskLabels> labels;
  std::unique_ptr<BadImages> bad_images = std::make_unique<BadImages>();  ///< met in training, where they are skipped
  std::unique_ptr<WorkerPool> workers;
  std::unique_ptr<Loader> train, validation, test;
  std::unique_ptr<Loader> probe;   ///< the training split for features to keep, where they are wanted; else null
  std::vector<std::string> notes;  ///< for the log: skipped weights and the like
};

/// Builds the parts of a run on images that were opened for its configuration. Throws mtl::Error.
RunParts compose(const RunConfig& config, const host::PluginRegistry& registry, ImageStore images);

/// The column of the data from which a task's labels come.
std::string column_of(const TaskSettings& task, const GuardedHead& head);
/// The main task's.
std::string main_column(const RunConfig& config, const MultiTaskModel& model);

/// How the trainer is to weight a run's tasks.
WeightingPart weighting_part(const RunConfig& config, const RunParts& parts);

/// Computes the features of a run's training and validation split. Throws mtl::Error where they take too much memory.
Probe make_probe(const RunConfig& config, RunParts& parts);

}  // namespace mtl
