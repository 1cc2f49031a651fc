#pragma once

#include <filesystem>
#include <vector>

#include "framework/model/named_tensor.h"

namespace mtl {

/// Writes the tensors as the dictionary that torch.load gives back in Python, whole or not at all.
void write_torch_file(const std::filesystem::path& file, const std::vector<NamedTensor>& tensors);

}  // namespace mtl
