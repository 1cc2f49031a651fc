#include "framework/model/state_dict.h"

#include <algorithm>
#include <map>
#include <string>

#include "mtl/error.h"
#include "mtl/text.h"

namespace mtl::pickle {
namespace {

const std::vector<std::string> nested_keys{"state_dict",       "model",         "model_ema", "ema",
                                           "model_state_dict", "state_dict_ema"};

bool holds_tensors(const Dict& dict) {
  return std::any_of(dict.entries.begin(), dict.entries.end(),
                     [](const auto& entry) { return entry.second->template as<Tensor>(); });
}

bool has_key(const std::pair<Value*, Value*>& entry, std::string_view key) {
  const Text* text = entry.first->as<Text>();
  return text && text->utf8 == key;
}

/// Null where the key is missing or not a dict of tensors.
const Dict* nested(const Dict& dict, std::string_view key) {
  const auto last =
      std::find_if(dict.entries.rbegin(), dict.entries.rend(), [&](const auto& entry) { return has_key(entry, key); });
  const Dict* found = last == dict.entries.rend() ? nullptr : last->second->as<Dict>();
  return found && holds_tensors(*found) ? found : nullptr;
}

std::string keys_of(const Dict& dict) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : dict.entries)
    if (const Text* text = key->as<Text>()) keys.emplace_back(text->utf8.substr(0, 80));
  return keys.empty() ? "no named entries" : quoted_list(keys, 8);
}

const std::string way_out = "; save them in Python with torch.save(model.state_dict(), ...)";

const Dict& choose(const Value& root) {
  const Dict* top = root.as<Dict>();
  if (!top) throw Error("holds no weights: it is no dict of tensors" + way_out);
  for (const std::string& key : nested_keys)  // first: beside a 'model' may stand a tensor, a random generator's state
    if (const Dict* found = nested(*top, key)) return *found;
  if (holds_tensors(*top)) return *top;
  throw Error("holds no weights: a dict of tensors is expected, alone or under " + quoted_list(nested_keys) +
              ", and found were " + keys_of(*top) + way_out);
}

}  // namespace

NamedTensors find_state_dict(const Value& root) {
  std::map<std::string_view, size_t> places;  // as in Python, a later value takes the first one's place
  std::vector<std::pair<std::string_view, const Value*>> entries;
  for (const auto& [key, value] : choose(root).entries) {
    const Text* name = key->as<Text>();
    if (!name && value->as<Tensor>()) throw Error("has a tensor without a name among its weights" + way_out);
    if (!name) continue;
    const auto [place, is_new] = places.emplace(name->utf8, entries.size());
    if (is_new) entries.emplace_back(name->utf8, nullptr);
    entries[place->second].second = value;
  }
  NamedTensors tensors;
  for (const auto& [name, value] : entries)
    if (const Tensor* tensor = value->as<Tensor>()) tensors.emplace_back(name, tensor);
  return tensors;
}

}  // namespace mtl::pickle
