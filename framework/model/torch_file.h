#pragma once

#include <filesystem>
#include <vector>

#include "framework/model/named_tensor.h"

namespace mtl {

/// The weights in a file that Python's torch.save wrote (PyTorch 1.6 or later): a state_dict, alone or within a
/// training state (see find_state_dict). On the CPU, in the dict's order, each with memory of its own; the names are
/// the dict's. No code of the file runs.
///
/// Throws mtl::Error that names the file, what is wrong with it and the way out. Everything is checked against the
/// file's size before anything is allocated.
std::vector<NamedTensor> read_torch_file(const std::filesystem::path& file);

/// Whether the file begins as those that read_torch_file can read, or can say how to convert; false where it cannot be
/// read at all.
bool is_torch_file(const std::filesystem::path& file);

}  // namespace mtl
