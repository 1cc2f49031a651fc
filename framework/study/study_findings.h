#pragma once

#include <vector>

#include "framework/study/arm_summary.h"
#include "framework/study/arms.h"

namespace mtl {

/// The arms of one variant: each arm's figures, its comparison with the first arm (the main task alone), and what each
/// auxiliary task adds where all subsets are there. `arms[a]` are the finished runs of `plan[a]`.
VariantResult find_in_variant(const std::string& label, const std::vector<Arm>& plan,
                              const std::vector<std::string>& tasks, const std::vector<ArmOutcomes>& arms,
                              const TestImages& images);

/// Every arm of a variant against the same arm of the first variant.
std::vector<AxisComparison> compare_variants(const std::string& first, const std::vector<ArmOutcomes>& reference,
                                             const std::string& label, const std::vector<ArmOutcomes>& arms,
                                             const TestImages& images);

}  // namespace mtl
