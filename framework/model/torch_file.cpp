#include "framework/model/torch_file.h"

#include <torch/types.h>

#include <array>
#include <fstream>
#include <string>
#include <string_view>

#include "framework/model/torch_archive.h"
#include "framework/support/file_view.h"
#include "mtl/error.h"

namespace mtl {
namespace fs = std::filesystem;
namespace {

at::ScalarType scalar_type(ElementType type) {
  switch (type) {
    case ElementType::float64:
      return at::kDouble;
    case ElementType::float32:
      return at::kFloat;
    case ElementType::float16:
      return at::kHalf;
    case ElementType::bfloat16:
      return at::kBFloat16;
    case ElementType::int64:
      return at::kLong;
    case ElementType::int32:
      return at::kInt;
    case ElementType::int16:
      return at::kShort;
    case ElementType::int8:
      return at::kChar;
    case ElementType::uint8:
      return at::kByte;
    case ElementType::boolean:
      return at::kBool;
  }
  throw Error("holds a type of elements that is not known");
}

at::Tensor load(const StoredTensor& stored) {
  at::Tensor tensor = torch::empty(stored.sizes, scalar_type(stored.type));
  copy_packed(stored, static_cast<char*>(tensor.data_ptr()));
  return tensor;
}

}  // namespace

std::vector<NamedTensor> read_torch_file(const fs::path& file) {
  const FileView view(file);
  try {
    std::vector<NamedTensor> tensors;
    for (const StoredTensor& stored : read_torch_archive(view.bytes()))
      tensors.push_back({std::string(stored.name), load(stored)});
    return tensors;
  } catch (const Error& error) {
    throw Error(file.string() + " " + error.what());
  }
}

bool is_torch_file(const fs::path& file) {
  std::error_code error;
  if (!fs::is_regular_file(file, error)) return false;
  std::array<char, 64> beginning{};
  std::ifstream in(file, std::ios::binary);
  in.read(beginning.data(), beginning.size());
  return is_of_torch({beginning.data(), static_cast<size_t>(in.gcount())});
}

}  // namespace mtl
