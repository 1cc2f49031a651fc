#pragma once

#include <string>

#include "framework/study/study_result.h"

namespace mtl {

/// What a sentence calls things.
struct Names {
  std::string arm, reference, figure;
  bool higher_is_better;
};

/// A comparison's verdict in words: interval, p, how much was looked at, and where nothing is shown, how much it would
/// take. `level` is what p had to be below for Holm's adjustment.
std::string verdict_sentence(const Comparison& comparison, const Names& names, double level);

}  // namespace mtl
