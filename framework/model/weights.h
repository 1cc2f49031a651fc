#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "framework/model/multi_task_model.h"

namespace mtl {

/// Copies a weights file into the backbone. Every tensor of the backbone must be there under its name, with its shape,
/// and nothing else but a classifier's ("classifier.*") and heads' ("heads.*", of a run's model): else mtl::Error lists
/// all names that are missing, unexpected or of another shape. Returns the names that were skipped.
std::vector<std::string> load_backbone_weights(Backbone& backbone, const std::filesystem::path& file);

/// Independent copies of a state on the CPU.
std::vector<NamedTensor> snapshot(const std::vector<NamedTensor>& state);
/// Copies `from` into `to`, which has the same names in the same order.
void restore(const std::vector<NamedTensor>& to, const std::vector<NamedTensor>& from);

}  // namespace mtl
