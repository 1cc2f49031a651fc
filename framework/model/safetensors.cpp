#include "framework/model/safetensors.h"

#include <torch/types.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>
#include <tuple>
#include <utility>

#include "framework/support/atomic_file.h"
#include "mtl/error.h"
#include "mtl/text.h"

namespace mtl {
namespace fs = std::filesystem;
namespace {

using nlohmann::json;

constexpr uint64_t largest_header = 100'000'000;  // the limit of the format's own library

struct TypeName {
  const char* name;
  at::ScalarType type;
};

constexpr std::array<TypeName, 9> type_names{{{"F64", at::kDouble},
                                              {"F32", at::kFloat},
                                              {"F16", at::kHalf},
                                              {"BF16", at::kBFloat16},
                                              {"I64", at::kLong},
                                              {"I32", at::kInt},
                                              {"I16", at::kShort},
                                              {"I8", at::kChar},
                                              {"U8", at::kByte}}};

const char* name_of(at::ScalarType type) {
  for (const TypeName& entry : type_names)
    if (entry.type == type) return entry.name;
  if (type == at::kBool) return "BOOL";
  throw Error(std::string("a tensor of type ") + c10::toString(type) + " has no name in the safetensors format");
}

struct Entry {
  std::string name;
  at::ScalarType type;
  std::vector<int64_t> shape;
  uint64_t begin, end;
};

/// One reading of one file: `fail` leads every sentence with its name.
class Reader {
 public:
  explicit Reader(const fs::path& file) : file_(file) {}

  SafetensorsFile read() {
    std::error_code error;
    if (!fs::is_regular_file(file_, error)) fail("is no file that can be read");
    in_.open(file_, std::ios::binary);
    const uint64_t file_size = fs::file_size(file_, error);
    if (!in_ || error) fail("cannot be opened");
    if (file_size < 8) fail("has " + std::to_string(file_size) + " bytes; a safetensors file has at least 8");

    std::array<unsigned char, 8> length_bytes{};
    in_.read(reinterpret_cast<char*>(length_bytes.data()), 8);
    uint64_t length = 0;
    for (size_t i = 0; i < 8; ++i) length |= uint64_t{length_bytes[i]} << (8 * i);
    if (length > largest_header || length > file_size - 8)
      fail("is no safetensors file: it states a header of " + std::to_string(length) + " bytes in a file of " +
           std::to_string(file_size) + "; weights of another format (.pth) have to be converted");

    std::string header(length, '\0');
    in_.read(header.data(), static_cast<std::streamsize>(length));
    SafetensorsFile result;
    const std::vector<Entry> entries = parse(header, result.metadata);
    check_layout(entries, file_size - 8 - length);
    for (const Entry& entry : entries) result.tensors.push_back({entry.name, load(entry)});
    if (!in_) fail("ended before its last tensor");
    return result;
  }

 private:
  [[noreturn]] void fail(const std::string& what) const { throw Error(file_.string() + " " + what); }

  std::vector<Entry> parse(const std::string& header, std::map<std::string, std::string>& metadata) const {
    const json root = json::parse(header, nullptr, /*allow_exceptions=*/false);
    if (!root.is_object()) fail("is no safetensors file: its header is no JSON object");
    std::vector<Entry> entries;
    for (const auto& [name, value] : root.items()) {
      if (name == "__metadata__") {
        for (const auto& [key, text] : value.items())
          if (text.is_string()) metadata[key] = text.get<std::string>();
      } else {
        entries.push_back(parse_entry(name, value));
      }
    }
    std::sort(entries.begin(), entries.end(),
              [](const Entry& a, const Entry& b) { return std::tie(a.begin, a.end) < std::tie(b.begin, b.end); });
    return entries;
  }

  Entry parse_entry(const std::string& name, const json& value) const {
    const auto bad = [&](const char* what) { fail("describes tensor " + in_quotes(name) + " badly: " + what); };
    if (!value.is_object() || !value.contains("dtype") || !value.contains("shape") || !value.contains("data_offsets"))
      bad("dtype, shape and data_offsets are expected");
    const json &dtype = value["dtype"], &shape = value["shape"], &offsets = value["data_offsets"];
    Entry entry{name, at::kFloat, {}, 0, 0};
    if (!dtype.is_string()) bad("dtype is no text");
    entry.type = type_of(name, dtype.get<std::string>());
    if (!shape.is_array() || shape.size() > 16) bad("shape is no list of at most 16 numbers");
    for (const json& size : shape) {
      if (!size.is_number_unsigned() || size.get<uint64_t>() > uint64_t{1} << 40) bad("shape holds an impossible size");
      entry.shape.push_back(size.get<int64_t>());
    }
    if (!offsets.is_array() || offsets.size() != 2 || !offsets[0].is_number_unsigned() ||
        !offsets[1].is_number_unsigned())
      bad("data_offsets are not two numbers");
    entry.begin = offsets[0].get<uint64_t>();
    entry.end = offsets[1].get<uint64_t>();
    return entry;
  }

  at::ScalarType type_of(const std::string& tensor, const std::string& name) const {
    if (name == "BOOL") return at::kBool;
    for (const TypeName& entry : type_names)
      if (name == entry.name) return entry.type;
    fail("gives tensor " + in_quotes(tensor) + " the type " + in_quotes(name) + ", which LibTorch does not have");
  }

  void check_layout(const std::vector<Entry>& entries, uint64_t data_size) const {
    uint64_t expected = 0;
    for (const Entry& entry : entries) {
      uint64_t bytes = at::elementSize(entry.type);
      bool overflow = false;
      for (int64_t size : entry.shape) overflow |= __builtin_mul_overflow(bytes, static_cast<uint64_t>(size), &bytes);
      if (overflow || entry.begin != expected || entry.end < entry.begin || entry.end - entry.begin != bytes)
        fail("places tensor " + in_quotes(entry.name) + " at bytes " + std::to_string(entry.begin) + " to " +
             std::to_string(entry.end) + "; expected " + std::to_string(expected) + " and the size of its shape");
      expected = entry.end;
    }
    if (expected != data_size)
      fail("holds " + std::to_string(data_size) + " bytes of tensors, its header describes " +
           std::to_string(expected) + "; the file is truncated or damaged");
  }

  at::Tensor load(const Entry& entry) {
    at::Tensor tensor = torch::empty(entry.shape, entry.type);
    in_.read(static_cast<char*>(tensor.data_ptr()), static_cast<std::streamsize>(entry.end - entry.begin));
    return tensor;
  }

  fs::path file_;
  std::ifstream in_;
};

}  // namespace

SafetensorsFile read_safetensors(const fs::path& file) { return Reader(file).read(); }

void write_safetensors(const fs::path& file, const std::vector<NamedTensor>& tensors,
                       const std::map<std::string, std::string>& metadata) {
  json header = json::object();
  if (!metadata.empty()) header["__metadata__"] = metadata;
  uint64_t offset = 0;
  for (const NamedTensor& named : tensors) {
    const uint64_t bytes = named.tensor.nbytes();
    header[named.name] = {{"dtype", name_of(named.tensor.scalar_type())},
                          {"shape", named.tensor.sizes().vec()},
                          {"data_offsets", {offset, offset + bytes}}};
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
