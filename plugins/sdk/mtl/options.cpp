#include "mtl/options.h"

#include <cstdio>
#include <cstdlib>
#include <utility>

#include "mtl/error.h"
#include "mtl/text.h"

namespace mtl {
namespace {

template <class Value>
OptionSpec make_spec(std::string name, OptionType type, std::optional<Value> default_value, std::string doc) {
  OptionSpec spec;
  spec.name = std::move(name);
  spec.type = type;
  if (default_value) spec.default_value = OptionValue(std::move(*default_value));
  spec.doc = std::move(doc);
  return spec;
}

std::string toml_string(const std::string& text) {
  std::string out = "\"";
  for (char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20 || byte == 0x7f) {
      char code[8];
      std::snprintf(code, sizeof code, "\\u%04X", static_cast<unsigned>(byte));
      out += code;
    } else {
      out += c;
    }
  }
  return out + '"';
}

/// The shortest text that reads back as the same number, with a point or an exponent as TOML's floats have.
std::string toml_number(double value) {
  char text[40];
  for (int digits = 6; digits <= 17; ++digits) {
    std::snprintf(text, sizeof text, "%.*g", digits, value);
    if (std::strtod(text, nullptr) == value) break;  // not stod: that refuses what is close to 0
  }
  std::string out = text;
  return out.find_first_of(".einf") == std::string::npos ? out + ".0" : out;
}

}  // namespace

OptionSpec OptionSpec::boolean(std::string name, std::optional<bool> default_value, std::string doc) {
  return make_spec(std::move(name), OptionType::boolean, default_value, std::move(doc));
}

OptionSpec OptionSpec::integer(std::string name, std::optional<int64_t> default_value, std::string doc) {
  return make_spec(std::move(name), OptionType::integer, default_value, std::move(doc));
}

OptionSpec OptionSpec::number(std::string name, std::optional<double> default_value, std::string doc) {
  return make_spec(std::move(name), OptionType::number, default_value, std::move(doc));
}

OptionSpec OptionSpec::string(std::string name, std::optional<std::string> default_value, std::string doc) {
  return make_spec(std::move(name), OptionType::string, std::move(default_value), std::move(doc));
}

OptionSpec OptionSpec::strings(std::string name, std::optional<std::vector<std::string>> default_value,
                               std::string doc) {
  return make_spec(std::move(name), OptionType::strings, std::move(default_value), std::move(doc));
}

OptionSpec OptionSpec::between(double low, double high) && {
  minimum = low;
  maximum = high;
  return std::move(*this);
}

OptionSpec OptionSpec::at_least(double low) && {
  minimum = low;
  return std::move(*this);
}

OptionSpec OptionSpec::one_of(std::vector<std::string> allowed) && {
  choices = std::move(allowed);
  return std::move(*this);
}

Options::Options(std::map<std::string, OptionValue> values) : values_(std::move(values)) {}

const OptionValue& Options::value(const std::string& name, OptionType type) const {
  const auto found = values_.find(name);
  if (found == values_.end()) throw Error("the plugin reads option " + in_quotes(name) + ", which it did not declare");
  if (found->second.index() != static_cast<size_t>(type))
    throw Error("the plugin reads option " + in_quotes(name) + " as a " + type_name(type) + ", but declared it as a " +
                type_name(static_cast<OptionType>(found->second.index())));
  return found->second;
}

bool Options::boolean(const std::string& name) const { return std::get<bool>(value(name, OptionType::boolean)); }

int64_t Options::integer(const std::string& name) const { return std::get<int64_t>(value(name, OptionType::integer)); }

double Options::number(const std::string& name) const { return std::get<double>(value(name, OptionType::number)); }

const std::string& Options::string(const std::string& name) const {
  return std::get<std::string>(value(name, OptionType::string));
}

const std::vector<std::string>& Options::strings(const std::string& name) const {
  return std::get<std::vector<std::string>>(value(name, OptionType::strings));
}

const char* type_name(OptionType type) {
  switch (type) {
    case OptionType::boolean:
      return "boolean";
    case OptionType::integer:
      return "integer";
    case OptionType::number:
      return "number";
    case OptionType::string:
      return "string";
    case OptionType::strings:
      return "list of strings";
  }
  return "unknown type";
}

std::string to_toml(const OptionValue& value) {
  struct {
    std::string operator()(bool flag) const { return flag ? "true" : "false"; }
    std::string operator()(int64_t number) const { return std::to_string(number); }
    std::string operator()(double number) const { return toml_number(number); }
    std::string operator()(const std::string& text) const { return toml_string(text); }
    std::string operator()(const std::vector<std::string>& items) const {
      std::vector<std::string> parts;
      for (const std::string& item : items) parts.push_back(toml_string(item));
      return "[" + join(parts, ", ") + "]";
    }
  } write;
  return std::visit(write, value);
}

}  // namespace mtl
