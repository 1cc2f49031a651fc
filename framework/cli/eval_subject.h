#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "framework/bundle/open_model.h"
#include "framework/cli/dataset.h"
#include "framework/data/task_labels.h"
#include "framework/train/evaluate.h"

namespace mtl {

/// Images to evaluate a run on.
struct WantedImages {
  std::filesystem::path manifest;  ///< "": the run's own data
  std::string split;              ///< train | val | test | all; "": test of the run's own data, all of another manifest
  std::string group_column = "";  ///< of the manifest: which images are of one part; "": the run's data.group_column
};

std::string wanted_split(const WantedImages& wanted);

/// What is evaluated, on what.
struct Subject {
  UsableModel run;
  std::vector<TaskFacts> tasks;
  ImageStore images;
  std::vector<TaskLabels> labels;
  std::vector<size_t> rows;
  std::string split;
};

/// Opens a finished run or a bundle, and the images. Labels are read from the run's columns; what other data does not
/// label counts for no figure. Throws mtl::Error: no such model, manifest, split or image in it, an unknown label.
Subject open_subject(const std::filesystem::path& run, const WantedImages& wanted, const PluginAccess& plugins);

/// The model is moved to the device; its answers to every image come too.
Evaluation evaluate(Subject& subject, const at::Device& device);

}  // namespace mtl
