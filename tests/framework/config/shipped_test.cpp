#include <doctest/doctest.h>

#include <cstdlib>
#include <set>

#include "framework/config/config_reference.h"
#include "framework/config/run_config_loader.h"
#include "framework/config/study_config.h"
#include "tests/support/temporary_folder.h"

using namespace mtl;
namespace fs = std::filesystem;

TEST_CASE("docs/config_reference.md is what the code says") {
  // Write it again with:  mtl-engine config reference > docs/config_reference.md
  CHECK(test::read_file(fs::path(MTL_SOURCE_DIR) / "docs/config_reference.md") == config_reference());
}

TEST_CASE("every configuration that ships loads, and the arms hold the tasks of their names") {
  setenv("MTL_MANIFEST", "/data/manifest.csv", 1);
  setenv("MTL_WEIGHTS", "/data/weights.safetensors", 1);
  setenv("MTL_MTD", "/data/manifest.csv", 1);
  std::set<std::string> seen;
  for (const auto& entry : fs::recursive_directory_iterator(fs::path(MTL_SOURCE_DIR) / "configs")) {
    const std::string name = entry.path().stem().string();
    if (entry.path().extension() != ".toml" || name.find("base") != std::string::npos) continue;
    INFO(entry.path().string());
    if (name.rfind("study", 0) == 0) {
      const StudyConfig study = load_study_config(entry.path());
      CHECK_FALSE(load_run_config(study.base, study.set).config.tasks.empty());
      continue;
    }
    const RunConfig config = load_run_config(entry.path(), {}).config;
    CHECK(config.tasks.front().main);
    if (name.rfind("mtd", 0) == 0) continue;
    std::string arm;
    for (const TaskSettings& task : config.tasks) arm += static_cast<char>(std::tolower(task.name.at(0)));
    CHECK(arm == name);
    seen.insert(entry.path().lexically_relative(fs::path(MTL_SOURCE_DIR) / "configs").string());
  }
  for (const char* arm : {"a", "ab", "ac", "ad", "abc", "abd", "acd", "abcd"}) {
    CHECK(seen.count(std::string(arm) + ".toml"));
    CHECK(seen.count("paper/" + std::string(arm) + ".toml"));
  }
}
