#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "framework/model/pickle_value.h"

namespace mtl {

enum class ElementType { float64, float32, float16, bfloat16, int64, int32, int16, int8, uint8, boolean };

/// A tensor where it lies in a file of torch.save: none of its elements is outside `bytes`.
struct StoredTensor {
  std::string_view name;
  ElementType type;
  std::vector<int64_t> sizes, strides;  ///< in elements
  std::string_view bytes;               ///< from the first element to the last
};

/// Checks what a pickle claims of a tensor against the bytes of its storage. Throws mtl::Error; its text is the end of
/// a sentence that starts with the file: "describes tensor 'a' badly: ...".
StoredTensor place_tensor(std::string_view name, const pickle::Tensor& tensor, std::string_view storage);

/// The size of the tensor once its elements stand side by side.
uint64_t packed_bytes(const StoredTensor& tensor);

/// Writes the elements, row-major, to packed_bytes() bytes.
void copy_packed(const StoredTensor& tensor, char* to);

}  // namespace mtl
