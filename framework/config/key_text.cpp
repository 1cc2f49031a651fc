#include "framework/config/key_text.h"

#include "mtl/text.h"

namespace mtl {
namespace {

std::string bound_text(double bound) {
  return to_toml(bound == static_cast<double>(static_cast<int64_t>(bound)) ? OptionValue(static_cast<int64_t>(bound))
                                                                           : OptionValue(bound));
}

std::vector<std::string> names_in(AugmentationSet set) {
  std::vector<std::string> names;
  for (Augmentation augmentation : all_augmentations())
    if (set & bit(augmentation)) names.push_back(name_of(augmentation));
  return names;
}

template <class Number>
std::string list_text(const std::vector<Number>& numbers) {
  std::vector<std::string> texts;
  for (const Number number : numbers)
    if constexpr (std::is_same_v<Number, double>)
      texts.push_back(to_toml(number));
    else
      texts.push_back(std::to_string(number));
  return "[" + join(texts, ", ") + "]";
}

}  // namespace

std::string range_text(const Key& key) {
  if (!key.choices.empty()) return join(key.choices, " | ");
  if (key.minimum && !key.maximum) return (key.above ? "> " : ">= ") + bound_text(*key.minimum);
  if (key.minimum) return (key.above ? "above " : "") + bound_text(*key.minimum) + " .. " + bound_text(*key.maximum);
  if (std::holds_alternative<uint64_t*>(key.field)) return ">= 0";
  return "";
}

std::string type_text(const Key& key) {
  struct {
    std::string operator()(bool*) const { return "boolean"; }
    std::string operator()(int64_t*) const { return "integer"; }
    std::string operator()(uint64_t*) const { return "integer"; }
    std::string operator()(double*) const { return "number"; }
    std::string operator()(std::string*) const { return "string"; }
    std::string operator()(std::filesystem::path*) const { return "path"; }
    std::string operator()(std::vector<std::string>*) const { return "string or list of strings"; }
    std::string operator()(std::vector<uint64_t>*) const { return "list of integers"; }
    std::string operator()(std::vector<double>*) const { return "list of numbers"; }
    std::string operator()(std::vector<std::filesystem::path>*) const { return "list of paths"; }
    std::string operator()(AugmentationSet*) const { return "list of augmentations"; }
    std::string operator()(host::PluginChoice*) const { return "string"; }
  } name;
  return std::visit(name, key.field);
}

std::string value_text(const Key& key) {
  struct {
    std::string operator()(bool* value) const { return to_toml(*value); }
    std::string operator()(int64_t* value) const { return to_toml(*value); }
    std::string operator()(uint64_t* value) const { return std::to_string(*value); }
    std::string operator()(double* value) const { return to_toml(*value); }
    std::string operator()(std::string* value) const { return to_toml(*value); }
    std::string operator()(std::filesystem::path* value) const { return to_toml(value->string()); }
    std::string operator()(std::vector<std::string>* value) const { return to_toml(*value); }
    std::string operator()(std::vector<uint64_t>* value) const { return list_text(*value); }
    std::string operator()(std::vector<double>* value) const { return list_text(*value); }
    std::string operator()(std::vector<std::filesystem::path>* value) const {
      std::vector<std::string> texts;
      for (const auto& path : *value) texts.push_back(path.string());
      return to_toml(texts);
    }
    std::string operator()(AugmentationSet* value) const { return to_toml(names_in(*value)); }
    std::string operator()(host::PluginChoice* value) const { return to_toml(value->name); }
  } write;
  return std::visit(write, key.field);
}

}  // namespace mtl
