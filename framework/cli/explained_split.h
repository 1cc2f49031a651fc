#pragma once

#include <cstdint>

#include "framework/cli/eval_subject.h"
#include "framework/cli/explanation_files.h"
#include "framework/explain/explainer.h"

namespace mtl {

/// Explains the pictures with the `most` highest losses of a task, highest first: those whose label is wrong are among
/// them. Returns their number.
int64_t explain_highest_losses(Subject& subject, const Evaluation& evaluation, size_t task, size_t most,
                               Explainer& explainer, ExplanationFiles& files);

/// Explains the pictures on which tasks disagree about normal or defect, once for each task that has an opinion, with
/// each the class that it answers. Returns the number of pictures.
int64_t explain_contradictions(Subject& subject, const Evaluation& evaluation, const ExplainerSettings& settings,
                               const at::Device& device, ExplanationFiles& files);

}  // namespace mtl
