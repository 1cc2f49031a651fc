// How long it takes to find and judge the libraries of a folder: copies of the engine's own, by permissions and notes.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "plugins/host/plugin_index.h"
#include "tests/support/temporary_folder.h"

namespace {

using namespace mtl;
namespace fs = std::filesystem;

std::vector<fs::path> libraries_in(const fs::path& folder) {
  std::vector<fs::path> found;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.path().extension() == ".so") found.push_back(entry.path());
  return found;
}

}  // namespace

int main(int argc, char** argv) {
  size_t files = 200;
  int rounds = 21;
  CLI::App app{"Times finding and judging the plugin libraries of a folder"};
  app.add_option("--files", files, "Libraries in the folder")->capture_default_str();
  app.add_option("--rounds", rounds, "The median of so many is printed")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  CLI11_PARSE(app, argc, argv);

  const std::vector<fs::path> originals = libraries_in(MTL_BENCH_PLUGIN_DIR);
  if (originals.empty()) {
    std::cerr << "there is no plugin in " MTL_BENCH_PLUGIN_DIR "; build all targets first\n";
    return 1;
  }
  const test::TemporaryFolder folder;
  for (size_t i = 0; i < files; ++i)
    fs::copy_file(originals.at(i % originals.size()), folder.path() / ("plugin" + std::to_string(i) + ".so"));

  std::vector<double> milliseconds;
  size_t usable = 0;
  for (int i = 0; i < rounds; ++i) {
    const auto start = std::chrono::steady_clock::now();
    const auto index = host::index_plugins({folder.path()});
    milliseconds.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count());
    usable = static_cast<size_t>(
        std::count_if(index.begin(), index.end(), [](const auto& file) { return file.problem.empty(); }));
  }
  std::sort(milliseconds.begin(), milliseconds.end());
  const nlohmann::ordered_json result{{"files", files},
                                      {"usable", usable},
                                      {"median_ms", milliseconds[milliseconds.size() / 2]},
                                      {"largest_ms", milliseconds.back()}};
  std::cout << result.dump() << "\n";
  return usable == files ? 0 : 1;
}
