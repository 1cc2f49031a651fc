#pragma once

#include <cstdint>
#include <vector>

#include "framework/decide/decisions.h"
#include "framework/decide/scored_image.h"

namespace mtl {

/// How many of how many, with the exact interval of the true share.
struct Rate {
  int64_t found = 0, of = 0;
  double low = 0, high = 1;
};

/// The same thing counted by images and by parts. A part counts where one of its images does. The interval over images
/// takes them for independent, which photographs of one part are not: trust that over parts.
struct DecisionRate {
  Rate images, parts;
};

struct DecisionRates {
  DecisionRate escape;    ///< images of a defect taken for normal
  DecisionRate overkill;  ///< images of a normal part taken for a defect
  DecisionRate look;      ///< images that a person has to look at, whatever they show
};

/// verdicts[i] is of images[i]. The intervals have this confidence.
DecisionRates decision_rates(const std::vector<ScoredImage>& images, const std::vector<Verdict>& verdicts,
                             double confidence);

/// What any limits do on these images.
DecisionRates decision_rates(const std::vector<ScoredImage>& images, const DefectLimits& limits, double confidence);

}  // namespace mtl
