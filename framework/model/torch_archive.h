#pragma once

#include <string_view>
#include <vector>

#include "framework/model/stored_tensor.h"

namespace mtl {

/// The weights in a file of torch.save that lies in memory, as views into it: described and checked, not yet copied.
/// All of them together, once packed, are at most 16 times the file.
///
/// Throws mtl::Error; its text is the end of a sentence that starts with the file: "is a TorchScript archive; ...".
std::vector<StoredTensor> read_torch_archive(std::string_view file);

/// Whether a file that begins so (64 bytes are enough) was written by torch.save or torch.jit.save: a zip file, or the
/// pickles of PyTorch before 1.6. Not whether it can be read.
bool is_of_torch(std::string_view beginning);

}  // namespace mtl
