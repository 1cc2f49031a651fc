#include <doctest/doctest.h>

#include <cmath>

#include "framework/study/study_findings.h"

using namespace mtl;

namespace {

/// Two parts of two images each, defect "scratch" and normal "clean".
SampleTable four_images() {
  SampleTable table;
  table.columns = {"defect", "light"};
  table.images = {"1", "2", "3", "4"};
  table.groups = {"p", "p", "q", "q"};
  table.splits.assign(4, Split::test);
  table.cells = {{"scratch", "low"}, {"scratch", "dome"}, {"clean", "low"}, {"clean", "dome"}};
  table.lines.assign(4, 0);
  return table;
}

/// A run that answered the four images with these classes.
RunOutcome outcome(uint64_t seed, const std::vector<std::string>& predictions, bool with_b = false) {
  const std::vector<std::string> truths{"scratch", "scratch", "clean", "clean"};
  RunOutcome run;
  run.record.seed = seed;
  TaskResult a{"A", "defect_class", true, 0.5, 4, {{"accuracy", 0, true, true}}, {}};
  a.confusion.push_back({{{"scratch", "dent", "clean"}, {false, false, true}}, {{0, 0, 0}, {0, 0, 0}, {0, 0, 0}}});
  run.record.test = {a};
  run.record.columns = {"defect"};
  if (with_b) run.record.test.push_back({"B", "x", false, 0.1, 4, {{"accuracy", 0.75, true, true}}, {}});
  for (size_t i = 0; i < truths.size(); ++i) run.answers.push_back({std::to_string(i + 1), truths[i], predictions[i]});
  return run;
}

double mean_of_figure(const ArmResult& arm, const std::string& name) {
  for (const FigureSummary& figure : arm.figures)
    if (figure.name == name) return figure.mean;
  return -1;
}

}  // namespace

TEST_CASE("an arm's figures are counted as defined") {
  const SampleTable table = four_images();
  const RunOutcome run = outcome(1, {"scratch", "clean", "dent", "clean"}),
                   dents = outcome(2, {"dent", "dent", "clean", "clean"});
  const TestImages images = test_images_of(run, table, {"light"});
  CHECK(images.group_count == 2);
  const ArmResult arm = summarize({"a", true, {run, dents}}, images);
  CHECK(arm.figures[0].by_seed == std::vector<double>{0.5, 0.5});
  CHECK(mean_of_figure(arm, "defect_accuracy") == 0.25);  // a dent is not a scratch
  CHECK(mean_of_figure(arm, "normal_accuracy") == 0.75);
  CHECK(mean_of_figure(arm, "escape_rate") == 0.25);  // but it is no escape either
  CHECK(mean_of_figure(arm, "overkill_rate") == 0.25);
  CHECK(arm.seeds == std::vector<uint64_t>{1, 2});
  REQUIRE(arm.slices.size() == 2);
  CHECK(arm.slices[0].cells == std::vector<std::string>{"dome"});
  CHECK(arm.slices[0].images == 2);
  CHECK(arm.slices[0].accuracy == 0.5);
}

TEST_CASE("an arm is compared over the seeds that both have, and attributed over all subsets") {
  const SampleTable table = four_images();
  const std::vector<std::string> half{"scratch", "scratch", "dent", "dent"},
      all{"scratch", "scratch", "clean", "clean"};
  const std::vector<ArmOutcomes> arms{{"a", true, {outcome(1, half), outcome(2, half), outcome(3, half)}},
                                      {"ab", false, {outcome(2, all, true), outcome(3, half, true)}}};
  const TestImages images = test_images_of(arms[0].runs[0], table, {});
  const VariantResult result = find_in_variant("", {{"a", {0}}, {"ab", {0, 1}}}, {"A", "B"}, arms, images);
  REQUIRE(result.arms.size() == 2);
  CHECK_FALSE(result.arms[0].figures[0].comparison);
  REQUIRE(result.arms[1].figures[0].comparison);
  const Comparison& accuracy = *result.arms[1].figures[0].comparison;
  CHECK(accuracy.seeds == 2);
  CHECK(accuracy.groups == 2);
  CHECK(accuracy.estimate.value == doctest::Approx(0.25));
  CHECK(accuracy.over_seeds.mean == doctest::Approx(0.25));
  CHECK(accuracy.over_images.better == 2);
  CHECK(accuracy.over_images.worse == 0);
  CHECK(accuracy.verdict == Verdict::not_shown);
  CHECK(accuracy.sentence.rfind("No difference between ab and a is shown: accuracy +25.00 points (95 % interval [",
                                0) == 0);
  CHECK(result.arms[1].auxiliaries[0].mean == 0.75);

  REQUIRE_FALSE(result.attributions.empty());
  CHECK(result.attributions[0].task == "B");
  CHECK(result.attributions[0].shapley.value == doctest::Approx(0.25));
  CHECK(result.attributions[0].main_effect.value == doctest::Approx(0.25));
}

TEST_CASE("a lower escape rate is better") {
  SampleTable table;
  table.columns = {"defect"};
  std::vector<ArmOutcomes> arms{{"a", true, {}}, {"ab", false, {}}};
  for (uint64_t seed = 1; seed <= 3; ++seed) {
    RunOutcome miss = outcome(seed, {"clean", "clean", "clean", "clean"}), hit = miss;
    miss.answers.clear();
    hit.answers.clear();
    for (int i = 0; i < 60; ++i) {
      const std::string name = std::to_string(i);
      if (seed == 1) {
        table.images.push_back(name);
        table.groups.push_back(name);
        table.splits.push_back(Split::test);
        table.cells.push_back({"scratch"});
        table.lines.push_back(0);
      }
      miss.answers.push_back({name, "scratch", i % 3 ? "scratch" : "clean"});
      hit.answers.push_back({name, "scratch", i % 20 ? "scratch" : "clean"});
    }
    arms[0].runs.push_back(miss);
    arms[1].runs.push_back(hit);
  }
  const TestImages images = test_images_of(arms[0].runs[0], table, {});
  const VariantResult result = find_in_variant("", {{"a", {0}}, {"ab", {0, 1}}}, {"A", "B"}, arms, images);
  const FigureSummary& escapes = result.arms[1].figures[3];
  REQUIRE(escapes.name == "escape_rate");
  CHECK(escapes.comparison->estimate.value < 0);
  CHECK(escapes.comparison->verdict == Verdict::better);
  CHECK_FALSE(result.arms[1].figures[2].comparison);  // there is no normal image
}

TEST_CASE("arms without finished runs are left out, and one seed shows nothing") {
  const SampleTable table = four_images();
  const std::vector<std::string> half{"scratch", "scratch", "dent", "dent"},
      all{"scratch", "scratch", "clean", "clean"};
  const std::vector<ArmOutcomes> arms{
      {"a", true, {outcome(1, half)}}, {"ab", false, {outcome(1, all)}}, {"ac", false, {}}};
  const TestImages images = test_images_of(arms[0].runs[0], table, {});
  const VariantResult result =
      find_in_variant("", {{"a", {0}}, {"ab", {0, 1}}, {"ac", {0, 2}}}, {"A", "B", "C"}, arms, images);
  REQUIRE(result.arms.size() == 2);
  CHECK(result.attributions.empty());
  const Comparison& accuracy = *result.arms[1].figures[0].comparison;
  CHECK(accuracy.verdict == Verdict::not_shown);
  CHECK(accuracy.sentence.find("train two seeds or more") != std::string::npos);
}
