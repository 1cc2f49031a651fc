#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "framework/model/multi_task_model.h"

namespace mtl {

/// The tensors of a file of either kind, told apart by its first bytes: safetensors, or what torch.save writes. Throws
/// mtl::Error that names the file.
std::vector<NamedTensor> read_weights(const std::filesystem::path& file);

/// Copies a weights file into the backbone, whoever wrote it (named_for). A classifier and heads are skipped. `strict`:
/// every tensor of the backbone must be there with its shape, and nothing else, or mtl::Error lists all names that are
/// missing, unknown or of another shape and nothing is copied; otherwise what fits is copied, and it is an error where
/// nothing does. Returns sentences for the log.
std::vector<std::string> load_backbone_weights(Backbone& backbone, const std::filesystem::path& file,
                                               bool strict = true);

/// The backbone's parameters, then its buffers.
std::vector<NamedTensor> state_of(const Backbone& backbone);

/// Independent copies of a state on the CPU.
std::vector<NamedTensor> snapshot(const std::vector<NamedTensor>& state);
/// Copies `from` into `to`, which has the same names in the same order.
void restore(const std::vector<NamedTensor>& to, const std::vector<NamedTensor>& from);

}  // namespace mtl
