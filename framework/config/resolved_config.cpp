#include "framework/config/resolved_config.h"

#include "framework/config/key_text.h"
#include "mtl/options.h"

namespace mtl {
namespace {

std::string one_line(std::string text) {
  for (char& c : text)
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';
  return text;
}

bool is_unset(const Key& key) {
  const auto* path = std::get_if<std::filesystem::path*>(&key.field);
  return path && (*path)->empty();
}

std::string line(const std::string& name, const std::string& value, const std::string& origin) {
  std::string text = name + " = " + value;
  text.resize(std::max<size_t>(text.size(), 40), ' ');
  return text + "  # " + one_line(origin) + "\n";
}

std::string section_text(const Section& section, const std::string& header, const std::string& path,
                         const LoadedConfig& loaded) {
  std::string text = header + "\n";
  for (const Key& key : section.keys) {
    if (is_unset(key)) continue;
    const auto origin = loaded.origins.find(path + "." + key.name);
    text += line(key.name, value_text(key), origin == loaded.origins.end() ? "default" : origin->second);
  }
  if (section.plugin)
    for (const host::GivenOption& option : section.plugin->options)
      text += line(option.name, to_toml(option.value), option.where);
  return text + "\n";
}

}  // namespace

std::string resolved_toml(const LoadedConfig& loaded) {
  RunConfig config = loaded.config;
  std::string text;
  for (const Section& section : sections_of(config))
    text += section_text(section, "[" + section.path + "]", section.path, loaded);
  for (size_t i = 0; i < config.tasks.size(); ++i)
    text += section_text(section_of(config.tasks[i]), "[[tasks]]", "tasks." + std::to_string(i), loaded);
  text.pop_back();
  return text;
}

}  // namespace mtl
