#include "framework/bundle/json_text.h"

#include "mtl/text.h"

namespace mtl {
namespace {

using nlohmann::json;

constexpr size_t largest_text = 1 << 20;

[[noreturn]] void fail(const char* key, const char* wanted) {
  throw Error(in_quotes(key) + " is missing or is no " + wanted);
}

const json* find(const json& object, const char* key) {
  if (!object.is_object()) throw Error("an object with " + in_quotes(key) + " is expected");
  const auto found = object.find(key);
  return found == object.end() ? nullptr : &*found;
}

}  // namespace

std::string bundle_json_text(const nlohmann::ordered_json& object) {
  return object.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

std::string text_in(const json& object, const char* key) {
  const json* value = find(object, key);
  if (!value || !value->is_string()) fail(key, "text");
  return *value;
}

bool flag_in(const json& object, const char* key) {
  const json* value = find(object, key);
  if (!value || !value->is_boolean()) fail(key, "true or false");
  return *value;
}

int64_t count_in(const json& object, const char* key) {
  constexpr uint64_t most = uint64_t{1} << 53;  // JSON readers that know only double read all of these
  const json* value = find(object, key);
  if (!value || !value->is_number_unsigned() || value->get<uint64_t>() > most) fail(key, "count");
  return *value;
}

const json& list_in(const json& object, const char* key) {
  const json* value = find(object, key);
  if (!value || !value->is_array()) fail(key, "list");
  return *value;
}

const json& object_in(const json& object, const char* key) {
  const json* value = find(object, key);
  if (!value || !value->is_object()) fail(key, "object");
  return *value;
}

json parse_bundle_json(const char* file, std::string_view text, int newest) {
  const std::string name = file;
  if (text.size() > largest_text) throw Error(name + " is larger than 1 MiB; make the bundle again");
  const json object = json::parse(text, nullptr, false);
  if (!object.is_object()) throw Error(name + " is no JSON object; make the bundle again");
  const auto format = object.find("format");
  if (format == object.end() || !format->is_number_unsigned() || *format == 0)
    throw Error(name + " has no format number; make the bundle again");
  if (*format > newest)
    throw Error(name + " has the format " + format->dump() + ", this engine reads " + std::to_string(newest) +
                "; use the engine that made the bundle, or a newer one");
  return object;
}

}  // namespace mtl
