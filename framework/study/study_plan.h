#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "framework/config/run_config_loader.h"
#include "framework/config/study_config.h"
#include "framework/study/arms.h"

namespace mtl {

/// One choice of the axes.
struct Variant {
  std::string label;                ///< "weighting NAME, backbone NAME"; "" without axes
  std::string slug;                 ///< the same for a folder's name: "NAME-NAME"
  std::string weighting, backbone;  ///< "": the base's
  double auxiliary_weight = 0;      ///< 0: the base's
};

struct PlannedRun {
  std::string name;  ///< "abcd_seed1", "SLUG_abcd_seed1"
  size_t variant = 0, arm = 0;
  uint64_t seed = 0;
  LoadedConfig loaded;

  std::filesystem::path folder() const { return loaded.config.run.folder / name; }
};

/// All runs of a study, seed by seed, so that what is compared is finished early.
struct StudyPlan {
  LoadedConfig base;
  std::vector<Variant> variants;
  std::vector<Arm> arms;
  std::vector<PlannedRun> runs;

  const TaskSettings& main_task() const { return base.config.tasks[arms.front().tasks.front()]; }
};

/// Reads the base and derives every run's configuration from it. Throws ConfigError where the base is wrong, an arm is
/// not possible, or there are too many runs.
StudyPlan make_plan(const StudyConfig& study);

}  // namespace mtl
