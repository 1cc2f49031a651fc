#pragma once

#include <doctest/doctest.h>

#include <filesystem>
#include <string>

#include "tests/framework/cli/engine.h"
#include "tests/framework/cli/tiny_config.h"

namespace mtl::test {

/// Trains runs/t on the synthetic parts as PNG files in d/, with the tasks A and B and what else is given.
inline std::filesystem::path train_on_files(const Engine& engine, const std::string& more_tasks = "") {
  REQUIRE(engine.run({"data", "synth", "d", "--parts", "60", "--image-size", "32"}).code == 0);
  engine.folder().write("t.toml", tiny_config(task_a + task_b + more_tasks) +
                                      "[data]\nsource = \"manifest\"\nmanifest = \"d/manifest.csv\"\n"
                                      "group_column = \"part\"\n");
  const auto result = engine.run({"run", "t.toml"});
  INFO(result.text);
  REQUIRE(result.code == 0);
  return engine.folder().path() / "runs/t";
}

inline std::filesystem::path a_picture_in(const std::filesystem::path& folder) {
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
    if (entry.path().extension() == ".png") return entry.path();
  return {};
}

}  // namespace mtl::test
