#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "mtl/error.h"

/// How a bundle's JSON files are written and read: strictly, a number is not taken for a text or a flag.
namespace mtl {

/// Indented, with a line end; bytes that are no UTF-8 are replaced.
std::string bundle_json_text(const nlohmann::ordered_json& object);

/// Each throws mtl::Error that names the key where the object has no such value: "'name' is missing or is no text".
std::string text_in(const nlohmann::json& object, const char* key);
bool flag_in(const nlohmann::json& object, const char* key);
int64_t count_in(const nlohmann::json& object, const char* key);  ///< 0 .. 2^53
const nlohmann::json& list_in(const nlohmann::json& object, const char* key);
const nlohmann::json& object_in(const nlohmann::json& object, const char* key);

/// Parses an object of at most 1 MiB that has a "format" of at most `newest`. Throws mtl::Error that begins with
/// `file`.
nlohmann::json parse_bundle_json(const char* file, std::string_view text, int newest);

/// What `read` makes of such an object; the mtl::Error that it throws gets the file's name and the way out.
template <class Read>
auto read_bundle_json(const char* file, std::string_view text, int newest, Read&& read) {
  const nlohmann::json object = parse_bundle_json(file, text, newest);
  try {
    return read(object);
  } catch (const Error& error) {
    throw Error(std::string(file) + " is not as `mtl-engine bundle` writes it: " + error.what() +
                "; make the bundle again");
  }
}

}  // namespace mtl
