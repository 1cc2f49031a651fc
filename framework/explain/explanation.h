#pragma once

#include <opencv2/core/mat.hpp>
#include <optional>

#include "framework/explain/class_score.h"

namespace mtl {

/// Whether the attributions of Integrated Gradients add up to what they explain.
struct Completeness {
  double attributed;                                           ///< the sum over all pixels
  double difference;                                           ///< score(picture) - score(baseline)
  double residual() const { return attributed - difference; }  ///< 0 but for the error of the sum over the path
};

/// What a method found in one picture.
struct Explanation {
  ScoreTarget target;
  double score;                     ///< the log-odds of the target's class, or the sum of the head's outputs
  cv::Mat heat;                     ///< CV_32F, 0..1: evidence for it, per cell of the feature map or per pixel
  std::optional<cv::Point2d> peak;  ///< in pixels of the prepared picture; nothing where there is no evidence
  std::optional<Completeness> completeness = {};  ///< of Integrated Gradients
};

}  // namespace mtl
