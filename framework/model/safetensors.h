#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "framework/model/named_tensor.h"
#include "framework/support/file_view.h"

namespace mtl {

/// A file in the safetensors format: 8 bytes little-endian header length, a JSON header {name: {dtype, shape,
/// data_offsets}}, then the tensors' bytes, contiguous, row-major, in the header's order.
struct SafetensorsFile {
  std::vector<NamedTensor> tensors;  ///< on the CPU, in the order of their bytes
  std::map<std::string, std::string> metadata;
};

/// Throws mtl::Error that names the file and what is wrong with it (parse_safetensors). The tensors lie in the file's
/// own memory, read as they are touched; writing to one changes a copy.
SafetensorsFile read_safetensors(const std::filesystem::path& file);

/// The same for `bytes` that lie somewhere in an open file; `name` leads sentences about them.
SafetensorsFile read_safetensors(const std::shared_ptr<FileView>& file, std::string_view bytes,
                                 const std::string& name);

/// Writes the tensors (any device, any layout) whole or not at all.
void write_safetensors(const std::filesystem::path& file, const std::vector<NamedTensor>& tensors,
                       const std::map<std::string, std::string>& metadata = {});

}  // namespace mtl
