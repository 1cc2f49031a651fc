#include "framework/data/synthetic/defects.h"

namespace mtl::synthetic {

const std::vector<Kind>& kinds() {
  // Shares as in a line that mostly makes good parts, but for the rarest defects, which must still be learnable.
  static const std::vector<Kind> all{
      {"scratch", false, 0.060, &scratch},
      {"gouge", false, 0.040, &gouge},
      {"dent", false, 0.050, &dent},
      {"pit", false, 0.040, &pit},
      {"blowhole", false, 0.030, &blowhole},
      {"crack", false, 0.050, &crack},
      {"chip", false, 0.040, &chip},
      {"burr", false, 0.035, &burr},
      {"rust", false, 0.055, &rust},
      {"stain", false, 0.050, &stain},
      {"heat_tint", false, 0.035, &heat_tint},
      {"spatter", false, 0.030, &spatter},
      {"inclusion", false, 0.035, &inclusion},
      {"scuff", false, 0.045, &scuff},
      {"chatter", false, 0.035, &chatter},
      {"clean", true, 0.160, &clean},
      {"tool_marks", true, 0.080, &tool_marks},
      {"oil_film", true, 0.070, &oil_film},
      {"dust", true, 0.060, &dust},
  };
  return all;
}

}  // namespace mtl::synthetic
