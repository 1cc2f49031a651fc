#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "mtl/export.h"

namespace mtl {

/// The values an option can have, in the order of OptionType.
using OptionValue = std::variant<bool, int64_t, double, std::string, std::vector<std::string>>;
/// The type of an option's value.
enum class OptionType { boolean, integer, number, string, strings };

/// What a plugin says about one of its options. The engine checks what the user wrote against it, so a plugin reads
/// values that are present, of the right type and in range. An option without a default is required.
struct MTL_API OptionSpec {
  /// An option of one type; without a default value the user has to give one. `doc` is one line.
  static OptionSpec boolean(std::string name, std::optional<bool> default_value, std::string doc);
  static OptionSpec integer(std::string name, std::optional<int64_t> default_value, std::string doc);
  static OptionSpec number(std::string name, std::optional<double> default_value, std::string doc);
  static OptionSpec string(std::string name, std::optional<std::string> default_value, std::string doc);
  static OptionSpec strings(std::string name, std::optional<std::vector<std::string>> default_value, std::string doc);

  OptionSpec between(double low, double high) &&;          ///< both ends belong to the range
  OptionSpec at_least(double low) &&;                      ///< `low` belongs to the range
  OptionSpec one_of(std::vector<std::string> allowed) &&;  ///< for string, and for each item of strings

  std::string name;
  OptionType type = OptionType::string;
  std::optional<OptionValue> default_value;
  std::optional<double> minimum, maximum;
  std::vector<std::string> choices;
  std::string doc;
};

/// The values of a plugin's options, checked and with defaults filled in. Asking for an option that was not declared,
/// or as another type, is an error in the plugin and throws mtl::Error.
class MTL_API Options {
 public:
  explicit Options(std::map<std::string, OptionValue> values);  ///< the engine makes them
  bool boolean(const std::string& name) const;
  int64_t integer(const std::string& name) const;
  double number(const std::string& name) const;
  const std::string& string(const std::string& name) const;
  const std::vector<std::string>& strings(const std::string& name) const;
  const std::map<std::string, OptionValue>& values() const { return values_; }

 private:
  const OptionValue& value(const std::string& name, OptionType type) const;
  std::map<std::string, OptionValue> values_;
};

MTL_API const char* type_name(OptionType type);         ///< "boolean", "integer", "number", "string", "list of strings"
MTL_API std::string to_toml(const OptionValue& value);  ///< as it would stand in a TOML file

}  // namespace mtl
