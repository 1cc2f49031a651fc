#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "framework/decide/decisions.h"
#include "framework/support/file_view.h"
#include "mtl/error.h"
#include "mtl/text.h"

namespace mtl {
namespace {

using nlohmann::json;

constexpr size_t largest_file = size_t{16} << 20;
constexpr int format = 1, deepest = 8;

/// JSON whose objects name no key twice and that is no deeper than what the engine writes.
json parsed(std::string_view text) {
  std::vector<std::set<std::string>> keys(deepest + 2);
  return json::parse(text, [&](int depth, json::parse_event_t event, json& value) {
    if (depth > deepest) throw Error("it is nested deeper than decisions are");
    if (event == json::parse_event_t::object_start) keys[static_cast<size_t>(depth) + 1].clear();
    if (event == json::parse_event_t::key && !keys[static_cast<size_t>(depth)].insert(value.get<std::string>()).second)
      throw Error("the key " + in_quotes(value.get<std::string>()) + " stands twice in one object");
    return true;
  });
}

void require_keys(const json& object, const std::string& what, const std::set<std::string>& needed,
                  const std::set<std::string>& allowed) {
  if (!object.is_object()) throw Error(what + " is no object");
  for (const std::string& key : needed)
    if (!object.contains(key)) throw Error(what + " has no key " + in_quotes(key));
  for (const auto& [key, value] : object.items())
    if (!needed.count(key) && !allowed.count(key)) throw Error(what + " has an unknown key " + in_quotes(key));
}

double number_in(const json& value, const std::string& what, double low, double high) {
  if (!value.is_number()) throw Error(what + " is no number");
  const double number = value.get<double>();
  if (!(number >= low && number <= high))
    throw Error(what + " is " + value.dump() + ", outside " + json(low).dump() + " to " + json(high).dump());
  return number;
}

/// A share; null is a limit that is never reached.
double limit_in(const json& value, const std::string& what) {
  return value.is_null() ? DefectLimits::never : number_in(value, what, 0, 1);
}

std::map<std::string, double> temperatures_in(const json& object) {
  if (!object.is_object()) throw Error("'temperatures' is no object");
  std::map<std::string, double> temperatures;
  for (const auto& [task, value] : object.items())
    temperatures[task] =
        number_in(value, "the temperature of task " + in_quotes(task), lowest_temperature, highest_temperature);
  return temperatures;
}

ClassList classes_in(const json& rule) {
  const json &names = rule["classes"], &normal = rule["normal"];
  if (!names.is_array() || !std::all_of(names.begin(), names.end(), [](const json& name) { return name.is_string(); }))
    throw Error("the classes of the rule are no list of texts");
  if (!normal.is_array() || normal.size() != names.size() ||
      !std::all_of(normal.begin(), normal.end(), [](const json& value) { return value.is_boolean(); }))
    throw Error("'normal' of the rule is no list of true and false, one per class");
  ClassList classes{names.get<std::vector<std::string>>(), normal.get<std::vector<bool>>()};
  if (std::set<std::string>(classes.names.begin(), classes.names.end()).size() != classes.names.size())
    throw Error("two classes of the rule have the same name");
  if (std::count(classes.normal.begin(), classes.normal.end(), true) == 0 ||
      std::count(classes.normal.begin(), classes.normal.end(), false) == 0)
    throw Error("the rule does not have both a normal class and one that is not");
  return classes;
}

DefectLimits limits_in(const json& object) {
  require_keys(object, "'limits'", {"pass_below", "fail_from"}, {});
  const DefectLimits limits{limit_in(object["pass_below"], "'pass_below'"),
                            limit_in(object["fail_from"], "'fail_from'")};
  if (limits.pass_below > limits.fail_from) throw Error("'pass_below' is above 'fail_from'");
  return limits;
}

std::vector<double> costs_in(const json& row, size_t count, const std::string& what) {
  if (!row.is_array() || row.size() != count)
    throw Error(what + " does not have " + std::to_string(count) + " numbers, one per class");
  std::vector<double> costs;
  for (const json& cost : row)
    costs.push_back(number_in(cost, "a number of " + what, 0, std::numeric_limits<double>::max()));
  return costs;
}

CostMatrix matrix_in(const json& object, size_t count) {
  require_keys(object, "'costs'", {"costs", "look"}, {});
  if (!object["costs"].is_array() || object["costs"].size() != count)
    throw Error("the costs do not have " + std::to_string(count) + " rows, one per class");
  CostMatrix matrix;
  for (const json& row : object["costs"]) matrix.costs.push_back(costs_in(row, count, "a row of the costs"));
  if (!(object["look"].is_array() && object["look"].empty())) matrix.look = costs_in(object["look"], count, "'look'");
  return matrix;
}

DecisionRule rule_in(const json& object) {
  require_keys(object, "'rule'", {"task", "classes", "normal"}, {"limits", "costs"});
  if (object.contains("limits") == object.contains("costs"))
    throw Error("the rule does not have either 'limits' or 'costs'");
  if (!object["task"].is_string()) throw Error("'task' of the rule is no text");
  DecisionRule rule{object["task"], classes_in(object), {}};
  if (object.contains("limits"))
    rule.by = limits_in(object["limits"]);
  else
    rule.by = matrix_in(object["costs"], rule.classes.names.size());
  return rule;
}

Decisions decisions_in(const json& object) {
  if (!object.is_object() || !object.contains("format") || !object["format"].is_number_unsigned())
    throw Error("it has no format number");
  if (object["format"].get<uint64_t>() > format)
    throw Error("it has the format " + object["format"].dump() + ", newer than the " + std::to_string(format) +
                " that this engine reads (update the engine)");
  require_keys(object, "it", {"format", "temperatures", "rule"}, {"engine_version", "basis"});
  if (object["format"].get<uint64_t>() != format) throw Error("its format is not " + std::to_string(format));
  Decisions decisions{temperatures_in(object["temperatures"]), std::nullopt};
  if (!object["rule"].is_null()) decisions.rule = rule_in(object["rule"]);
  return decisions;
}

}  // namespace

Decisions parse_decisions(std::string_view text, const std::string& file) {
  if (text.size() > largest_file)
    throw Error(file + " is larger than 16 MiB, so it holds no decisions; make it again with mtl-engine calibrate");
  try {
    return decisions_in(parsed(text));
  } catch (const json::exception&) {
    throw Error(file + " is no JSON that decisions could be in; make it again with mtl-engine calibrate");
  } catch (const Error& problem) {
    throw Error(file + " holds no decisions of this engine: " + problem.what() +
                "; make it again with mtl-engine calibrate");
  }
}

Decisions read_decisions(const std::filesystem::path& file) {
  return parse_decisions(FileView(file).bytes(), file.string());
}

}  // namespace mtl
