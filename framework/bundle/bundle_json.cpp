#include "framework/bundle/bundle_json.h"

#include <algorithm>

#include "framework/bundle/bundle_names.h"
#include "framework/bundle/json_text.h"
#include "framework/report/json_number.h"

namespace mtl {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr int format = 1;

template <class Item, class ToJson>
ordered_json list_of(const std::vector<Item>& items, ToJson&& to_json) {
  ordered_json list = ordered_json::array();
  for (const Item& item : items) list.push_back(to_json(item));
  return list;
}

template <class Item, class FromJson>
std::vector<Item> items_in(const json& object, const char* key, FromJson&& from_json) {
  std::vector<Item> items;
  for (const json& item : list_in(object, key)) items.push_back(from_json(item));
  return items;
}

ordered_json task_json(const BundleTask& task) {
  const std::vector<std::string>& names = task.classes.names;
  ordered_json normal = ordered_json::array();
  for (size_t c = 0; c < names.size(); ++c)
    if (task.classes.normal[c]) normal.push_back(names[c]);
  return {{"name", task.name},     {"plugin", task.plugin}, {"main", task.main},
          {"column", task.column}, {"classes", names},      {"normal", normal}};
}

BundleTask task_in(const json& object) {
  const auto text = [](const json& item) {
    if (!item.is_string()) throw Error("a class name is no text");
    return item.get<std::string>();
  };
  BundleTask task{text_in(object, "name"),
                  text_in(object, "plugin"),
                  flag_in(object, "main"),
                  text_in(object, "column"),
                  {items_in<std::string>(object, "classes", text), {}}};
  const auto normal = items_in<std::string>(object, "normal", text);
  for (const std::string& name : task.classes.names)
    task.classes.normal.push_back(std::find(normal.begin(), normal.end(), name) != normal.end());
  return task;
}

ordered_json plugin_json(const BundlePlugin& plugin) {
  return {{"kind", plugin.kind},
          {"name", plugin.name},
          {"library", plugin.library},
          {"version", plugin.version},
          {"sha256", plugin.sha256}};
}

BundlePlugin plugin_in(const json& object) {
  return {text_in(object, "kind"), text_in(object, "name"), text_in(object, "library"), text_in(object, "version"),
          text_in(object, "sha256")};
}

ordered_json preprocessing_json(const BundleFacts& facts) {
  return {{"size", facts.input.size},
          {"resize", facts.input.resize},
          {"fit", facts.input.fit},
          {"mean", facts.mean},
          {"deviation", facts.deviation}};
}

std::array<double, 3> colour_in(const json& object, const char* key) {
  const json& list = list_in(object, key);
  std::array<double, 3> colour{};
  if (list.size() != colour.size()) throw Error(std::string(key) + " has other than three numbers");
  for (size_t c = 0; c < colour.size(); ++c) {
    if (!list[c].is_number()) throw Error(std::string(key) + " has other than three numbers");
    colour[c] = list[c];
  }
  return colour;
}

ordered_json digests_json(const RunDigests& digests) {
  return {{"data", digests.data},       {"pixels", digests.pixels},     {"split", digests.split},
          {"batches", digests.batches}, {"backbone", digests.backbone}, {"main_head", digests.main_head},
          {"weights", digests.weights}};
}

RunDigests digests_in(const json& object) {
  return {text_in(object, "data"),    text_in(object, "pixels"),   text_in(object, "split"),
          text_in(object, "batches"), text_in(object, "backbone"), text_in(object, "main_head"),
          text_in(object, "weights")};
}

ordered_json figure_json(const Figure& figure) {
  return {{"name", figure.name},
          {"value", json_number(figure.value)},
          {"higher_is_better", figure.higher_is_better},
          {"is_share", figure.is_share}};
}

Figure figure_in(const json& object) {
  const std::string name = text_in(object, "name");
  const auto value = object.find("value");
  if (value == object.end() || !(value->is_number() || value->is_null()))
    throw Error("the value of the figure " + name + " is no number");
  return {name, number_in(*value), flag_in(object, "higher_is_better"), flag_in(object, "is_share")};
}

ordered_json test_json(const BundleTest& test) {
  return {{"task", test.task}, {"labelled", test.labelled}, {"figures", list_of(test.figures, figure_json)}};
}

BundleTest test_in(const json& object) {
  return {text_in(object, "task"), count_in(object, "labelled"), items_in<Figure>(object, "figures", figure_in)};
}

BundleFacts facts_in(const json& object) {
  BundleFacts facts;
  facts.name = text_in(object, "name");
  facts.created = text_in(object, "created");
  facts.engine_version = text_in(object, "engine_version");
  facts.torch_version = text_in(object, "torch_version");
  facts.tasks = items_in<BundleTask>(object, "tasks", task_in);
  const json& preprocessing = object_in(object, "preprocessing");
  facts.input = {count_in(preprocessing, "size"), count_in(preprocessing, "resize"), text_in(preprocessing, "fit")};
  facts.mean = colour_in(preprocessing, "mean");
  facts.deviation = colour_in(preprocessing, "deviation");
  facts.plugins = items_in<BundlePlugin>(object, "plugins", plugin_in);
  facts.data = digests_in(object_in(object, "data"));
  facts.test = items_in<BundleTest>(object, "test", test_in);
  return facts;
}

}  // namespace

std::string bundle_json(const BundleFacts& facts) {
  return bundle_json_text({{"format", format},
                           {"name", facts.name},
                           {"created", facts.created},
                           {"engine_version", facts.engine_version},
                           {"torch_version", facts.torch_version},
                           {"tasks", list_of(facts.tasks, task_json)},
                           {"preprocessing", preprocessing_json(facts)},
                           {"plugins", list_of(facts.plugins, plugin_json)},
                           {"data", digests_json(facts.data)},
                           {"test", list_of(facts.test, test_json)}});
}

BundleFacts parse_bundle_facts(std::string_view text) {
  return read_bundle_json(bundle_name::facts, text, format, facts_in);
}

}  // namespace mtl
