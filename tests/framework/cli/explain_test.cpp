#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <opencv2/imgcodecs.hpp>

#include "tests/framework/cli/trained_run.h"
#include "tests/support/contains.h"

using namespace mtl;
using nlohmann::json;
using test::contains;
using test::Engine;
using test::read_file;
namespace fs = std::filesystem;

namespace {

Engine::Result explain(const Engine& engine, std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {"explain", "runs/t"});
  return engine.run(std::move(arguments));
}

json explanations_in(const fs::path& folder) { return json::parse(read_file(folder / "explanations.json")); }

size_t overlays_in(const fs::path& folder) {
  size_t count = 0;
  for (const auto& entry : fs::directory_iterator(folder)) count += entry.path().extension() == ".png";
  return count;
}

}  // namespace

TEST_CASE("every picture gets an overlay, an entry and a place on the page; a broken one is named and stops nothing") {
  const Engine engine;
  test::train_on_files(engine);
  engine.folder().write("p/broken <b>.png", "no picture");
  const fs::path folder = engine.folder().path();
  size_t good = 0;
  for (const auto& entry : fs::directory_iterator(folder / "d"))
    if (entry.path().extension() == ".png" && good < 10) {
      fs::copy_file(entry.path(), folder / "p" / entry.path().filename());
      ++good;
    }
  const auto result = explain(engine, {"p", "--task", "B"});
  INFO(result.text);
  REQUIRE(result.code == 0);
  CHECK(contains(result.text, "10 pictures explained, 1 not readable"));
  const fs::path out = folder / "runs/t/explain_B";
  CHECK(overlays_in(out) == 10);
  const json found = explanations_in(out);
  CHECK(found["task"] == "B");
  CHECK(found["method"] == "grad_cam");
  size_t explained = 0;
  for (const json& picture : found["pictures"]) {
    if (!picture.contains("file")) continue;
    ++explained;
    CHECK(fs::exists(out / picture["file"].get<std::string>()));
    CHECK((picture["label"] == "defect" || picture["label"] == "normal"));
    const cv::Mat overlay = cv::imread((out / picture["file"].get<std::string>()).string());
    CHECK(overlay.cols > 2 * 300);
  }
  CHECK(explained == 10);
  const std::string page = read_file(out / "report.html");
  CHECK(contains(page, "broken &lt;b&gt;.png"));
  CHECK_FALSE(contains(page, "broken <b>"));

  const auto again = explain(engine, {"p", "--task", "B"});
  CHECK(again.code == 1);
  CHECK(contains(again.text, "is there already"));
  CHECK(explain(engine, {"p/broken <b>.png", "--out", "o"}).code == 1);
}

TEST_CASE("with masks it is counted how often the highest point is in them; integrated gradients tell their residual") {
  const Engine engine;
  test::train_on_files(engine);
  const fs::path picture = test::a_picture_in(engine.folder().path() / "d");
  const cv::Mat white(32, 32, CV_8U, cv::Scalar(255));
  for (const char* name : {"one", "two"}) {
    fs::create_directories(engine.folder().path() / "p");
    fs::copy_file(picture, engine.folder().path() / "p" / (std::string(name) + ".png"));
  }
  cv::imwrite((engine.folder().path() / "p/one_mask.bmp").string(), white);
  const auto result =
      explain(engine, {"p", "--masks", "_mask.bmp", "--method", "integrated_gradients", "--steps", "4", "--out", "o"});
  INFO(result.text);
  REQUIRE(result.code == 0);
  CHECK(contains(result.text, "maxima inside the marked regions: 100.0 % of 1 picture"));
  CHECK(contains(result.text, "(chance 100.0 %); 1 without a mask that marks something"));
  const json found = explanations_in(engine.folder().path() / "o");
  CHECK(found["pictures"].size() == 2);
  CHECK(found["pointing_game"]["hits"] == 1);
  CHECK(found["pictures"][0].dump().find("residual") != std::string::npos);
}

TEST_CASE("a split's highest losses come first, and its contradictions once for each task") {
  const Engine engine;
  const fs::path run = test::train_on_files(engine);
  REQUIRE(engine.run({"eval", "runs/t"}).code == 0);
  const size_t contradictions =
      json::parse(read_file(run / "eval_test/evaluation.json"))["contradictions"].get<size_t>();
  const auto result = explain(engine, {"--highest-losses", "5", "--contradictions"});
  INFO(result.text);
  REQUIRE(result.code == 0);
  CHECK(contains(result.text, "highest losses: 5 pictures"));
  const json found = explanations_in(run / "explain_A");
  CHECK(found["contradictions"] == contradictions);
  double last = 1e9;
  size_t losses = 0;
  for (const json& picture : found["pictures"])
    if (picture["part"] == "highest_losses") {
      ++losses;
      CHECK(picture["loss"].get<double>() <= last);
      CHECK_FALSE(picture["truth"].get<std::string>().empty());
      last = picture["loss"];
    }
  CHECK(losses == 5);
}

TEST_CASE("wrong usage of explain is told") {
  const Engine engine;
  test::train_on_files(engine);
  const auto says = [&](std::vector<std::string> arguments, const std::string& sentence) {
    const auto result = explain(engine, std::move(arguments));
    INFO(result.text);
    CHECK(result.code == 2);
    CHECK(contains(result.text, sentence));
  };
  says({}, "give pictures, folders, patterns, a manifest or -, or else --highest-losses or --contradictions");
  says({"d", "--contradictions"}, "or else");
  says({"d", "--split", "val"}, "leave them out with pictures");
  says({"d", "--steps", "9"}, "--steps belongs to --method integrated_gradients");
  says({"--contradictions", "--class", "defect"}, "--class is one task's");
  says({"--contradictions", "--masks", ".png"}, "--masks looks for masks beside pictures");
  says({"d", "--task", "Q"}, "the run has no task 'Q'");
  says({"d", "--class", "defct", "--task", "B"}, "has no class 'defct' (did you mean 'defect'?)");
  says({"d", "--method", "magic"}, "--method");
}
