#include "framework/model/safetensors.h"

#include <torch/types.h>
#include <torch/version.h>

#include <cstdint>
#include <cstring>
#include <memory>
#include <nlohmann/json.hpp>
#include <utility>

#include "framework/model/safetensors_header.h"
#include "framework/support/atomic_file.h"
#include "mtl/error.h"
#include "mtl/text.h"

namespace mtl {
namespace fs = std::filesystem;
namespace {

struct TypeName {
  const char* name;
  at::ScalarType type;
};

constexpr TypeName type_names[] = {
    {"F64", at::kDouble},
    {"F32", at::kFloat},
    {"F16", at::kHalf},
    {"BF16", at::kBFloat16},
    {"I64", at::kLong},
    {"I32", at::kInt},
    {"I16", at::kShort},
    {"I8", at::kChar},
    {"U8", at::kByte},
    {"C64", at::kComplexFloat},
    {"BOOL", at::kBool},
#if TORCH_VERSION_MAJOR >= 2 && TORCH_VERSION_MINOR >= 1
    {"F8_E5M2", at::kFloat8_e5m2},
    {"F8_E4M3", at::kFloat8_e4m3fn},
#endif
#if TORCH_VERSION_MAJOR >= 2 && TORCH_VERSION_MINOR >= 3
    {"U16", at::kUInt16},
    {"U32", at::kUInt32},
    {"U64", at::kUInt64},
#endif
};

const char* name_of(at::ScalarType type) {
  for (const TypeName& entry : type_names)
    if (entry.type == type) return entry.name;
  throw Error(std::string("a tensor of type ") + c10::toString(type) + " has no name in the safetensors format");
}

at::ScalarType type_of(const SafetensorsEntry& entry) {
  for (const TypeName& known : type_names)
    if (known.name == entry.dtype) return known.type;
  throw Error("gives tensor " + in_quotes(entry.name) + " the type " + in_quotes(entry.dtype) +
              ", which this LibTorch does not have");
}

/// The tensor in the file's own memory, which lives as long as one of its tensors; a copy where its bytes lie so that a
/// processor could not read them as numbers.
at::Tensor tensor_in(const std::shared_ptr<FileView>& file, const SafetensorsEntry& entry, char* data_begin) {
  const at::ScalarType type = type_of(entry);
  char* const bytes = data_begin + entry.begin;
  if (entry.begin == entry.end) return torch::empty(entry.shape, type);
  if (reinterpret_cast<uintptr_t>(bytes) % c10::elementSize(type) != 0) {
    at::Tensor copy = torch::empty(entry.shape, type);
    std::memcpy(copy.data_ptr(), bytes, entry.end - entry.begin);
    return copy;
  }
  return torch::from_blob(
      bytes, entry.shape, [file](void*) {}, type);
}

}  // namespace

SafetensorsFile read_safetensors(const fs::path& path) {
  const auto file = std::make_shared<FileView>(path);
  return read_safetensors(file, file->bytes(), path.string());
}

SafetensorsFile read_safetensors(const std::shared_ptr<FileView>& file, std::string_view bytes,
                                 const std::string& name) {
  try {
    SafetensorsHeader header = parse_safetensors(bytes);
    char* const data_begin = file->data() + (bytes.data() - file->data()) + header.data_begin;
    SafetensorsFile result;
    result.metadata = std::move(header.metadata);
    for (const SafetensorsEntry& entry : header.entries)
      result.tensors.push_back({entry.name, tensor_in(file, entry, data_begin)});
    return result;
  } catch (const Error& error) {
    throw Error(name + " " + error.what());
  }
}

void write_safetensors(const fs::path& file, const std::vector<NamedTensor>& tensors,
                       const std::map<std::string, std::string>& metadata) {
  nlohmann::json header = nlohmann::json::object();
  if (!metadata.empty()) header["__metadata__"] = metadata;
  uint64_t offset = 0;
  for (const NamedTensor& named : tensors) {
    const uint64_t bytes = named.tensor.nbytes();
    const bool is_new = header
                            .emplace(named.name, nlohmann::json{{"dtype", name_of(named.tensor.scalar_type())},
                                                                {"shape", named.tensor.sizes().vec()},
                                                                {"data_offsets", {offset, offset + bytes}}})
                            .second;
    if (!is_new)
      throw Error("two tensors are called " + in_quotes(named.name) + "; a safetensors file has each name once");
    offset += bytes;
  }
  std::string text = header.dump();
  text.resize((text.size() + 7) / 8 * 8, ' ');  // the format asks for aligned tensors
  std::string content;
  content.reserve(8 + text.size() + offset);
  for (int i = 0; i < 8; ++i) content += static_cast<char>(text.size() >> (8 * i) & 0xff);
  content += text;
  for (const NamedTensor& named : tensors) {
    const at::Tensor plain = named.tensor.detach().to(at::kCPU).contiguous();
    content.append(static_cast<const char*>(plain.data_ptr()), plain.nbytes());
  }
  write_file(file, content);
}

}  // namespace mtl
