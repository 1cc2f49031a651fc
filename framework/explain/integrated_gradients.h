#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

#include "framework/explain/explanation.h"
#include "framework/model/multi_task_model.h"

namespace mtl {

/// What each pixel of one picture adds to the score, with its sign.
struct Attribution {
  ScoreTarget target;
  double score;       ///< of the picture
  at::Tensor pixels;  ///< [S,S] float64, summed over the channels
  Completeness completeness;
};

struct PathSettings {
  int steps = 32;   ///< on the way from the baseline to the picture, >= 1
  int at_once = 8;  ///< of them go through the network together, >= 1
};

/// The picture without its details: a Gaussian blur of deviation side/8, the border reflected. images [N,3,S,S] -> the
/// same. It is the baseline of an explanation in place of black, which is a strong pattern itself: a pixel that is
/// as dark as the baseline gets no attribution at all, and many defects are dark. A blurred part keeps its light, its
/// colour and its outline, and loses what is small.
at::Tensor blurred(const at::Tensor& images);

/// Integrated Gradients (Sundararajan et al., ICML 2017): (x - x') * the mean of d score / d pixels on the straight
/// path from x' to x, by the midpoint rule, x and x' being image and baseline [1,3,S,S], normalized. The model is in
/// evaluation mode. Throws mtl::Error where the score does not depend on the pixels.
Attribution integrated_gradients(MultiTaskModel& model, const ClassScore& score, const at::Tensor& image,
                                 const at::Tensor& baseline, const PathSettings& settings);

/// The attribution as a picture: what speaks for the class, smoothed by a Gaussian of deviation side/100 and divided by
/// its 99.5 % quantile, above which it is 1: a single pixel would else leave all others dark.
Explanation shown(const Attribution& attribution);

}  // namespace mtl
