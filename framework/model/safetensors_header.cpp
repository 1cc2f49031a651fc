#include "framework/model/safetensors_header.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <tuple>

#include "mtl/error.h"
#include "mtl/text.h"

namespace mtl {
namespace {

using nlohmann::json;

constexpr uint64_t largest_header = 100'000'000;  // the limit of the format's own library
constexpr int deepest = 3;                        // {name: {"shape": [2, 3]}}

[[noreturn]] void fail(const std::string& what) { throw Error(what); }

std::string_view header_text(std::string_view file) {
  if (file.size() < 8) fail("has " + std::to_string(file.size()) + " bytes; a safetensors file has at least 8");
  uint64_t length = 0;
  for (size_t i = 0; i < 8; ++i) length |= uint64_t{static_cast<unsigned char>(file[i])} << (8 * i);
  if (length > largest_header || length > file.size() - 8)
    fail("is no safetensors file: it states a header of " + std::to_string(length) + " bytes in a file of " +
         std::to_string(file.size()));
  return file.substr(8, length);
}

/// JSON without what would be accepted silently or at any depth: the last of two equal keys, a thousand brackets.
json parse_strictly(std::string_view text) {
  std::vector<std::set<std::string>> keys;
  const auto look = [&](int depth, json::parse_event_t event, json& parsed) {
    if (depth > deepest) fail("is no safetensors file: its header is nested deeper than the format has it");
    if (event == json::parse_event_t::object_start) keys.emplace_back();
    if (event == json::parse_event_t::object_end) keys.pop_back();
    if (event == json::parse_event_t::key && !keys.back().insert(parsed.get<std::string>()).second)
      fail("has " + in_quotes(parsed.get<std::string>()) + " twice in its header");
    return true;
  };
  json root = json::parse(text, look, /*allow_exceptions=*/false);
  if (!root.is_object()) fail("is no safetensors file: its header is no JSON object");
  return root;
}

std::map<std::string, std::string> parse_metadata(const json& value) {
  if (!value.is_object()) fail("has a __metadata__ that is no JSON object");
  std::map<std::string, std::string> metadata;
  for (const auto& [key, text] : value.items()) {
    if (!text.is_string()) fail("has a __metadata__ whose " + in_quotes(key) + " is no text");
    metadata[key] = text.get<std::string>();
  }
  return metadata;
}

SafetensorsEntry parse_entry(const std::string& name, const json& value) {
  const auto bad = [&](const char* what) { fail("describes tensor " + in_quotes(name) + " badly: " + what); };
  if (!value.is_object() || !value.contains("dtype") || !value.contains("shape") || !value.contains("data_offsets"))
    bad("dtype, shape and data_offsets are expected");
  const json &dtype = value["dtype"], &shape = value["shape"], &offsets = value["data_offsets"];
  SafetensorsEntry entry;
  entry.name = name;
  if (!dtype.is_string()) bad("dtype is no text");
  entry.dtype = dtype.get<std::string>();
  if (safetensors_element_size(entry.dtype) == 0)
    fail("gives tensor " + in_quotes(name) + " the type " + in_quotes(entry.dtype) +
         ", which the format does not have");
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

void check_layout(const std::vector<SafetensorsEntry>& entries, uint64_t data_size) {
  uint64_t expected = 0;
  for (const SafetensorsEntry& entry : entries) {
    uint64_t bytes = safetensors_element_size(entry.dtype);
    bool overflow = false;
    for (int64_t size : entry.shape) overflow |= __builtin_mul_overflow(bytes, static_cast<uint64_t>(size), &bytes);
    if (overflow || entry.begin != expected || entry.end < entry.begin || entry.end - entry.begin != bytes)
      fail("places tensor " + in_quotes(entry.name) + " at bytes " + std::to_string(entry.begin) + " to " +
           std::to_string(entry.end) + "; expected " + std::to_string(expected) + " and the size of its shape");
    expected = entry.end;
  }
  if (expected != data_size)
    fail("holds " + std::to_string(data_size) + " bytes of tensors, its header describes " + std::to_string(expected) +
         "; the file is truncated or damaged");
}

}  // namespace

uint64_t safetensors_element_size(std::string_view dtype) {
  static const std::map<std::string_view, uint64_t> sizes{
      {"BOOL", 1}, {"U8", 1},  {"I8", 1},  {"F8_E5M2", 1}, {"F8_E4M3", 1}, {"I16", 2}, {"U16", 2}, {"F16", 2},
      {"BF16", 2}, {"I32", 4}, {"U32", 4}, {"F32", 4},     {"F64", 8},     {"I64", 8}, {"U64", 8}, {"C64", 8}};
  const auto found = sizes.find(dtype);
  return found == sizes.end() ? 0 : found->second;
}

SafetensorsHeader parse_safetensors(std::string_view file) {
  const std::string_view text = header_text(file);
  SafetensorsHeader header;
  header.data_begin = 8 + text.size();
  const json root = parse_strictly(text);
  for (const auto& [name, value] : root.items()) {
    if (name == "__metadata__")
      header.metadata = parse_metadata(value);
    else
      header.entries.push_back(parse_entry(name, value));
  }
  std::sort(header.entries.begin(), header.entries.end(), [](const SafetensorsEntry& a, const SafetensorsEntry& b) {
    return std::tie(a.begin, a.end) < std::tie(b.begin, b.end);
  });
  check_layout(header.entries, file.size() - header.data_begin);
  return header;
}

}  // namespace mtl
