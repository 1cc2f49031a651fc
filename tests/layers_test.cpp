#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <regex>
#include <string>
#include <vector>

#include "tests/support/temporary_folder.h"

namespace fs = std::filesystem;

namespace {

/// Which folders each may include from, besides itself and the SDK. No entry here is above the one it belongs to.
const std::map<std::string, std::vector<std::string>> below{
    {"plugins/sdk", {}},
    {"plugins/host", {}},
    {"plugins/conformance", {"plugins/host"}},
    {"plugins/examples", {}},
    {"backbones", {}},
    {"tasks", {}},
    {"weightings", {}},
    {"framework/support", {}},
    {"framework/memory", {}},
    {"framework/config", {"plugins/host"}},
    {"framework/report", {"framework/support"}},
    {"framework/data", {"framework/support", "framework/config"}},
    {"framework/model", {"framework/support", "plugins/host"}},
    {"framework/metrics", {"framework/support", "framework/model", "framework/report"}},
    {"framework/train",
     {"framework/support", "framework/memory", "framework/config", "framework/data", "framework/model",
      "framework/metrics", "framework/report", "plugins/host"}},
    {"framework/report/page", {"framework/support", "framework/report"}},
    {"framework/study/statistics", {"framework/support"}},
    {"framework/study", {"framework/support", "framework/config", "framework/data", "framework/report"}},
    {"framework/assembly",
     {"framework/support", "framework/memory", "framework/config", "framework/model", "plugins/host"}},
    {"framework/decide", {"framework/support", "framework/study/statistics"}},
    {"framework/infer",
     {"framework/support", "framework/config", "framework/data", "framework/model", "framework/assembly",
      "framework/decide", "plugins/host"}},
    {"framework/bundle",
     {"framework/support", "framework/config", "framework/data", "framework/model", "framework/assembly",
      "framework/report", "framework/decide", "framework/infer", "plugins/host"}},
    {"framework/explain",
     {"framework/support", "framework/config", "framework/data", "framework/model", "plugins/host"}},
    {"framework/api",
     {"framework/support", "framework/config", "framework/data", "framework/assembly", "framework/decide",
      "framework/infer", "framework/bundle", "plugins/host"}},
    {"framework/cli",
     {"framework/support", "framework/memory", "framework/config", "framework/data", "framework/model",
      "framework/metrics", "framework/report", "framework/train", "framework/assembly", "framework/infer",
      "framework/study", "framework/decide", "framework/bundle", "framework/explain", "plugins/host",
      "plugins/conformance"}}};

std::vector<fs::path> sources_in(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.path().extension() == ".h" || entry.path().extension() == ".cpp") files.push_back(entry.path());
  return files;
}

std::vector<std::string> own_includes(const std::string& text) {
  static const std::regex line("#include \"([^\"]+)\"");
  std::vector<std::string> names;
  for (std::sregex_iterator it(text.begin(), text.end(), line), end; it != end; ++it) names.push_back((*it)[1]);
  return names;
}

}  // namespace

TEST_CASE("each folder includes from itself, the SDK and the layers below it") {
  for (const auto& [folder, allowed] : below)
    for (const fs::path& file : sources_in(fs::path(MTL_SOURCE_DIR) / folder))
      for (const std::string& include : own_includes(mtl::test::read_file(file))) {
        const auto is_in = [&](const std::string& other) { return include.rfind(other + "/", 0) == 0; };
        INFO(file.string() << " includes " << include);
        CHECK((is_in("mtl") || is_in(folder) || std::any_of(allowed.begin(), allowed.end(), is_in)));
      }
}

TEST_CASE("no two headers define a type of the same name: the linker would take one's functions for the other") {
  static const std::regex type("(^|\n)(struct|class) (MTL_API )?(\\w+)[^;{\\n]*\\{");
  std::map<std::string, fs::path> found;
  for (const char* folder : {"framework", "plugins/host", "plugins/conformance", "plugins/sdk"})
    for (const fs::path& file : sources_in(fs::path(MTL_SOURCE_DIR) / folder)) {
      if (file.extension() != ".h") continue;
      const std::string text = mtl::test::read_file(file);
      for (std::sregex_iterator it(text.begin(), text.end(), type), end; it != end; ++it) {
        const auto [other, is_new] = found.emplace((*it)[4], file);
        CHECK_MESSAGE(is_new, (*it)[4] << " is in " << file.string() << " and " << other->second.string());
      }
    }
  CHECK(found.size() > 100);
}

TEST_CASE("the framework names no backbone, no task and no weighting") {
  const std::regex plugin(
      "efficientnet|\\bb[0-7]\\b|defect_class|defect_normal|\"(region|illumination|static_weights)\"");
  for (const fs::path& file : sources_in(fs::path(MTL_SOURCE_DIR) / "framework")) {
    if (file.string().find("/synthetic/") != std::string::npos) continue;  // its columns have names of their own
    CHECK_MESSAGE(!std::regex_search(mtl::test::read_file(file), plugin), file.string());
  }
}

TEST_CASE("the kernels know no LibTorch") {
  static const std::regex torch_header("#include [<\"](torch|ATen|c10|mtl)/");
  for (const fs::path& file : sources_in(fs::path(MTL_SOURCE_DIR) / "backbones/efficientnet/kernels")) {
    INFO(file.string());
    CHECK_FALSE(std::regex_search(mtl::test::read_file(file), torch_header));
  }
}
