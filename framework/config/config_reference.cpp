#include "framework/config/config_reference.h"

#include "framework/config/key_text.h"
#include "framework/config/study_config.h"

namespace mtl {
namespace {

constexpr const char* preface = R"(# Configuration reference

Written by `mtl-engine config reference`; a test keeps it in step with the code.

A run is described by one TOML file. `extends = "base.toml"` takes another file first, by a path relative to the file
that says it: tables merge, and everything else, the list of tasks included, replaces. `--set train.epochs=3` on the
command line comes last; `--set tasks.A.weight=0.5` reaches into a task by its name (or index from 0). Paths in a file are
relative to that file, paths in `--set` to the working folder; `~` and `${NAME}` (an environment variable) are expanded.

An unknown key, a wrong type or a value out of range is an error that names file, line and column; all errors of a file
are listed at once and the exit code is 2. `mtl-engine config check FILE` only looks, `mtl-engine config show FILE` prints
the whole configuration with each value's origin. What a plugin adds to its table is told by `mtl-engine plugins show NAME`.
)";

std::string cell(std::string text) {
  for (size_t at = 0; (at = text.find('|', at)) != std::string::npos; at += 2) text.replace(at, 1, "\\|");
  return text;
}

std::string default_text(const Key& key) {
  if (key.required) return "needed";
  if (key.name == "name") return "the file's name";
  if (key.relative_to_working_folder) return "`\"runs\"`";
  const std::string value = value_text(key);
  return value == "\"\"" ? "" : "`" + value + "`";
}

std::string section_text(const Section& section, const std::string& title) {
  std::string text = "\n## " + title + "\n\n" + section.doc +
                     "\n\n| key | type | default | allowed | meaning |\n|---|---|---|---|---|\n";
  for (const Key& key : section.keys)
    text += "| `" + key.name + "` | " + type_text(key) + " | " + default_text(key) + " | " + cell(range_text(key)) +
            " | " + cell(key.doc) + " |\n";
  return text;
}

}  // namespace

std::string config_reference() {
  RunConfig defaults;
  TaskSettings task;
  std::string text = preface;
  for (const Section& section : sections_of(defaults)) text += section_text(section, "`[" + section.path + "]`");
  text += section_text(section_of(task), "`[[tasks]]`");
  StudyConfig study;
  return text + section_text(section_of(study), "`[study]`");
}

}  // namespace mtl
