#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "framework/report/page/gallery.h"
#include "framework/report/page/page_frame.h"

namespace mtl {

/// Pictures that were chosen for one reason.
struct ExplainedPart {
  std::string heading;                 ///< "Highest losses"
  std::string meaning;                 ///< what they are and how to read them
  int64_t pictures = 0;                ///< overlays that were written
  std::vector<GalleryFigure> figures;  ///< the first of them
};

struct UnreadablePicture {
  std::string image, problem;
};

struct ExplanationReport {
  std::string run, task, method;     ///< names; the method as people call it: "Grad-CAM"
  std::vector<std::string> summary;  ///< sentences before everything else
  std::vector<KeyFigure> figures;
  std::vector<ExplainedPart> parts;
  std::vector<UnreadablePicture> unreadable;
};

/// report.html of explanations: one file with small pictures in it, that leads to the large ones beside it.
std::string explanation_page(const ExplanationReport& report);

}  // namespace mtl
