#include "framework/config/key_assignment.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <optional>
#include <utility>

#include "framework/config/key_text.h"
#include "mtl/text.h"

namespace mtl {
namespace fs = std::filesystem;
namespace {

/// "~/x" and "${NAME}/x" with the user's values; nothing and a problem where a variable is not set.
std::optional<std::string> expand(const std::string& text, std::string& unset) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    const size_t end = text.compare(i, 2, "${") == 0 ? text.find('}', i) : std::string::npos;
    const bool is_home = i == 0 && text[0] == '~' && (text.size() == 1 || text[1] == '/');
    if (end == std::string::npos && !is_home) {
      out += text[i];
      continue;
    }
    const std::string name = is_home ? "HOME" : text.substr(i + 2, end - i - 2);
    const char* value = std::getenv(name.c_str());
    if (!value) {
      unset = name;
      return {};
    }
    out += value;
    if (!is_home) i = end;
  }
  return out;
}

/// Reads one value into the member that its key names.
class Assignment {
 public:
  Assignment(const Key& key, std::string name, const ConfigNode& node, Problems& problems)
      : key_(key), name_(std::move(name)), node_(node), problems_(problems) {}

  void run() {
    const auto* value = std::get_if<OptionValue>(&node_.value);
    std::visit([&](auto* field) { assign(field, value); }, key_.field);
  }

 private:
  template <class T>
  const T* as(const OptionValue* value) {
    const T* typed = value ? std::get_if<T>(value) : nullptr;
    if (!typed) wrong_type();
    return typed;
  }

  void wrong_type() {
    problem(name_ + " is " + with_article(type_name(node_)) + "; " + with_article(type_text(key_)) + " is expected");
  }

  /// An empty list has no type of its own.
  std::optional<std::vector<double>> number_list() {
    if (const auto* numbers = std::get_if<std::vector<double>>(&node_.value)) return *numbers;
    const auto* value = std::get_if<OptionValue>(&node_.value);
    const auto* texts = value ? std::get_if<std::vector<std::string>>(value) : nullptr;
    if (texts && texts->empty()) return std::vector<double>{};
    wrong_type();
    return {};
  }

  void problem(const std::string& sentence) { problems_.add(node_.origin.text, sentence); }

  bool in_range(double value, const std::string& text) {
    const bool too_low = key_.minimum && (value < *key_.minimum || (key_.above && value == *key_.minimum));
    const bool too_high = key_.maximum && value > *key_.maximum;
    if (std::isfinite(value) && !too_low && !too_high) return true;
    const std::string range = range_text(key_);
    std::string sentence =
        name_ + " = " + text + " is out of range; " + (range.empty() ? "a finite number" : range) + " is expected";
    if (key_.name == "weight" && value == 0) sentence += ": remove the task to leave it out";
    problem(sentence);
    return false;
  }

  void assign(bool* field, const OptionValue* value) {
    if (const auto* flag = as<bool>(value)) *field = *flag;
  }
  void assign(int64_t* field, const OptionValue* value) {
    const auto* number = as<int64_t>(value);
    if (number && in_range(static_cast<double>(*number), std::to_string(*number))) *field = *number;
  }
  void assign(uint64_t* field, const OptionValue* value) {
    const auto* number = as<int64_t>(value);
    if (!number) return;
    if (*number < 0)
      problem(name_ + " = " + std::to_string(*number) + " is out of range; >= 0 is expected");
    else
      *field = static_cast<uint64_t>(*number);
  }
  void assign(double* field, const OptionValue* value) {
    if (value && std::holds_alternative<int64_t>(*value)) {
      const auto whole = std::get<int64_t>(*value);
      if (in_range(static_cast<double>(whole), std::to_string(whole))) *field = static_cast<double>(whole);
    } else if (const auto* number = as<double>(value)) {
      if (in_range(*number, to_toml(*number))) *field = *number;
    }
  }
  void assign(std::string* field, const OptionValue* value) {
    const auto* text = as<std::string>(value);
    if (!text) return;
    const bool allowed =
        key_.choices.empty() || std::find(key_.choices.begin(), key_.choices.end(), *text) != key_.choices.end();
    if (allowed)
      *field = *text;
    else
      problem(name_ + " = " + in_quotes(*text) + " is not possible" + did_you_mean(*text, key_.choices) + "; one of " +
              quoted_list(key_.choices) + " is expected");
  }
  void assign(fs::path* field, const OptionValue* value) {
    if (const auto* text = as<std::string>(value)) *field = path_of(*text);
  }
  void assign(std::vector<std::string>* field, const OptionValue* value) {
    const auto* one = value ? std::get_if<std::string>(value) : nullptr;
    if (one)
      *field = {*one};
    else if (const auto* texts = as<std::vector<std::string>>(value))
      *field = *texts;
  }
  void assign(std::vector<double>* field, const OptionValue*) {
    const auto numbers = number_list();
    if (!numbers) return;
    std::vector<double> valid;
    for (const double number : *numbers)
      if (in_range(number, to_toml(number))) valid.push_back(number);
    if (valid.size() == numbers->size()) *field = valid;
  }
  void assign(std::vector<uint64_t>* field, const OptionValue*) {
    constexpr double beyond = 1LL << 53;  // from here on a double skips integers
    const auto numbers = number_list();
    if (!numbers) return;
    std::vector<uint64_t> whole;
    for (const double number : *numbers)
      if (number >= 0 && number < beyond && number == std::floor(number))
        whole.push_back(static_cast<uint64_t>(number));
      else
        problem(name_ + " holds " + to_toml(number) + "; whole numbers from 0 to 9007199254740991 are expected");
    if (whole.size() == numbers->size()) *field = whole;
  }
  void assign(std::vector<fs::path>* field, const OptionValue* value) {
    const auto* texts = as<std::vector<std::string>>(value);
    if (!texts) return;
    field->clear();
    for (const std::string& text : *texts) field->push_back(path_of(text));
  }
  void assign(AugmentationSet* field, const OptionValue* value) {
    const auto* names = as<std::vector<std::string>>(value);
    if (!names) return;
    *field = 0;
    for (const std::string& name : *names) try {
        *field |= bit(augmentation_named(name));
      } catch (const Error& error) {
        problem(name_ + ": " + error.what());
      }
  }
  void assign(host::PluginChoice* field, const OptionValue* value) {
    const auto* name = as<std::string>(value);
    if (!name) return;
    field->name = *name;
    field->where = node_.origin.text;
  }

  fs::path path_of(const std::string& text) {
    std::string unset;
    const auto expanded = expand(text, unset);
    if (!expanded) {
      problem(name_ + " = " + in_quotes(text) + " names the environment variable " + unset +
              ", which is not set; set it with export " + unset + "=...");
      return {};
    }
    if (expanded->empty()) return {};
    const fs::path base = key_.relative_to_working_folder ? fs::current_path() : node_.origin.folder;
    return (base / *expanded).lexically_normal();
  }

  const Key& key_;
  std::string name_;
  const ConfigNode& node_;
  Problems& problems_;
};

}  // namespace

void assign_key(const Key& key, const std::string& name, const ConfigNode& node, Problems& problems) {
  Assignment(key, name, node, problems).run();
}

}  // namespace mtl
