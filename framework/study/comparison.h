#pragma once

#include <string>
#include <vector>

#include "framework/study/comparison_sentence.h"
#include "framework/study/study_result.h"
#include "framework/study/test_images.h"

namespace mtl {

/// values[seed][image] of one figure in one arm.
using SeedValues = std::vector<std::vector<double>>;

/// The crossed-effects cells of a sum of coefficient x arm: what each seed and group adds to it. Every arm has the same
/// seeds and the same images that count.
Cells contrast_cells(const std::vector<double>& coefficients, const std::vector<SeedValues>& arms,
                     const TestImages& images);

/// All statistics of arm minus reference, but what depends on the other arms: see judge().
Comparison compare(const SeedValues& arm, const SeedValues& reference, const TestImages& images);

/// Completes the comparisons of one figure over a family of arms: Holm's adjustment, verdict and sentence.
void judge(const std::vector<Comparison*>& family, const std::vector<Names>& names);

}  // namespace mtl
