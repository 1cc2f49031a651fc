#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

#include "framework/explain/explanation.h"
#include "framework/model/multi_task_model.h"

namespace mtl {

/// Grad-CAM (Selvaraju et al., ICCV 2017) on the shared feature map A [C,h,w]: a channel weighs as much as the mean
/// over h,w of d score / d A, and the heat is ReLU(sum over channels of weight * A), divided by its maximum; all zero
/// where nothing speaks for the class. images [N,3,S,S], normalized -> N explanations with a heat of [h,w]. The model
/// is in evaluation mode. Throws mtl::Error where the score does not depend on the map.
std::vector<Explanation> grad_cam(MultiTaskModel& model, const ClassScore& score, const at::Tensor& images);

}  // namespace mtl
