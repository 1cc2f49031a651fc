#include "plugins/host/option_check.h"

#include <algorithm>
#include <cmath>

#include "mtl/text.h"

namespace mtl::host {
namespace {

std::string bound(double value) {
  const auto whole = static_cast<int64_t>(value);
  return to_toml(value == static_cast<double>(whole) ? OptionValue(whole) : OptionValue(value));
}

/// The value in the type that the option has; an integer becomes a number. False where it does not fit.
bool convert(OptionValue& value, OptionType type) {
  if (type == OptionType::number && std::holds_alternative<int64_t>(value))
    value = static_cast<double>(std::get<int64_t>(value));
  return value.index() == static_cast<size_t>(type);
}

bool in_range(const OptionSpec& spec, double value) {
  return std::isfinite(value) && (!spec.minimum || value >= *spec.minimum) && (!spec.maximum || value <= *spec.maximum);
}

/// What is wrong with a value of the right type, "" where nothing is.
std::string value_problem(const OptionSpec& spec, const OptionValue& value) {
  const auto choice_problem = [&](const std::string& text) -> std::string {
    if (spec.choices.empty() || std::find(spec.choices.begin(), spec.choices.end(), text) != spec.choices.end())
      return "";
    return "does not take " + in_quotes(text) + did_you_mean(text, spec.choices) + "; one of " +
           quoted_list(spec.choices) + " is expected";
  };
  if (const auto* number = std::get_if<double>(&value); number && !in_range(spec, *number))
    return "= " + to_toml(value) + " is out of range; " +
           (range_text(spec).empty() ? "a finite number" : range_text(spec)) + " is expected";
  if (const auto* number = std::get_if<int64_t>(&value); number && !in_range(spec, static_cast<double>(*number)))
    return "= " + to_toml(value) + " is out of range; " + range_text(spec) + " is expected";
  if (const auto* text = std::get_if<std::string>(&value)) return choice_problem(*text);
  if (const auto* items = std::get_if<std::vector<std::string>>(&value))
    for (const std::string& item : *items)
      if (std::string problem = choice_problem(item); !problem.empty()) return problem;
  return "";
}

}  // namespace

CheckedOptions check_options(const std::vector<OptionSpec>& specs, const std::vector<GivenOption>& given,
                             const std::string& owner, const std::string& where) {
  CheckedOptions checked;
  std::vector<std::string> names;
  for (const OptionSpec& spec : specs) names.push_back(spec.name);
  for (const GivenOption& option : given) {
    const auto spec =
        std::find_if(specs.begin(), specs.end(), [&](const OptionSpec& s) { return s.name == option.name; });
    const auto complain = [&](const std::string& sentence) {
      checked.problems.push_back(option.where + ": " + sentence);
    };
    if (spec == specs.end()) {
      complain(owner + " has no option " + in_quotes(option.name) + did_you_mean(option.name, names) +
               (names.empty() ? "; it has none" : "; it has " + quoted_list(names)));
      continue;
    }
    OptionValue value = option.value;
    const std::string name = owner + ": option " + in_quotes(option.name) + " ";
    if (!convert(value, spec->type)) {
      complain(name + "is " + with_article(type_name(static_cast<OptionType>(value.index()))) + "; " +
               with_article(type_name(spec->type)) + " is expected");
    } else if (const std::string problem = value_problem(*spec, value); !problem.empty()) {
      complain(name + problem);
    }
    checked.values[option.name] = std::move(value);
  }
  for (const OptionSpec& spec : specs) {
    if (checked.values.count(spec.name)) continue;
    if (spec.default_value)
      checked.values[spec.name] = *spec.default_value;
    else
      checked.problems.push_back(where + ": " + owner + " needs the option " + in_quotes(spec.name) + ": " + spec.doc);
  }
  return checked;
}

std::string range_text(const OptionSpec& spec) {
  if (!spec.choices.empty()) return join(spec.choices, " | ");
  if (spec.minimum && spec.maximum) return bound(*spec.minimum) + " .. " + bound(*spec.maximum);
  return spec.minimum ? ">= " + bound(*spec.minimum) : "";
}

}  // namespace mtl::host
