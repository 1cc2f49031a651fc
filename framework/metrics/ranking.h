#pragma once

#include <optional>
#include <string>
#include <vector>

#include "framework/report/evaluation_result.h"

namespace mtl {

/// Per image its score, the higher the more it looks like a defect, and whether it shows one -> ROC curve (Fawcett,
/// Pattern Recognition Letters 27, 2006) and precision-recall curve. Images of one score are called alike, so they are
/// one point. The area under the ROC curve is the share of pairs of a defect and a normal image in which the defect has
/// the higher score, a tie counting half (Mann-Whitney); the average precision is
/// sum over the points (recall - recall before) * precision.
///
/// The area's 95 % interval is that of DeLong, DeLong and Clarke-Pearson (Biometrics 44, 1988) within 0..1. It takes
/// the images for independent: where several show one part, the truth is less certain than it says. It is NaN with
/// fewer than two images of a kind, and where all pairs have the same outcome (a perfect, an inverted or no order),
/// since the formula would then claim no doubt at all.
///
/// Nothing where there are not images of both kinds, or where a score is not finite.
std::optional<Ranking> ranking_of(const std::vector<double>& scores, const std::vector<bool>& is_defect);

/// The same of one task's labelled images, by the sum of the probabilities of its classes that are not normal.
/// `truths` are class names, "" where not labelled; probabilities[image][class] are empty where the head states none,
/// and then there is no ranking.
std::optional<Ranking> ranking_of_task(const ClassList& classes, const std::vector<std::string>& truths,
                                       const std::vector<std::vector<double>>& probabilities);

}  // namespace mtl
