#pragma once

#include <string>
#include <vector>

#include "framework/study/run_outcome.h"
#include "framework/study/study_result.h"
#include "framework/study/test_images.h"

namespace mtl {

/// An arm's finished runs, one per seed.
struct ArmOutcomes {
  std::string name;
  bool is_reference = false;
  std::vector<RunOutcome> runs;
};

/// What an arm's runs came to on average, without any comparison.
ArmResult summarize(const ArmOutcomes& arm, const TestImages& images);

}  // namespace mtl
