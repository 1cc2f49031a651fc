#include "framework/bundle/bundle_names.h"

#include <algorithm>

#include "mtl/error.h"
#include "mtl/text.h"

namespace mtl::bundle_name {
namespace {

bool is_plain_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';
}

bool is_plain_part(std::string_view part) {
  return !part.empty() && part != "." && part != ".." && std::all_of(part.begin(), part.end(), is_plain_character);
}

bool is_plain(std::string_view name) {
  constexpr size_t longest = 200;
  if (name.size() > longest) return false;
  for (size_t slash = name.find('/'); slash != name.npos; slash = name.find('/')) {
    if (!is_plain_part(name.substr(0, slash))) return false;
    name.remove_prefix(slash + 1);
  }
  return is_plain_part(name);
}

}  // namespace

std::string picture(size_t index) {
  return "golden/" + std::string(index < 10 ? "0" : "") + std::to_string(index) + ".png";
}

void require_plain(std::string_view name) {
  if (name != digests && !is_plain(name))
    throw Error("it holds " + in_quotes(name) +
                ", which is no name of a bundle's file: small letters, digits, '_', '.', '-' and '/' within its "
                "folder are expected; get the bundle again");
}

}  // namespace mtl::bundle_name
