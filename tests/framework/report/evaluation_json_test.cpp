#include "framework/report/evaluation_json.h"

#include <doctest/doctest.h>

#include <limits>
#include <nlohmann/json.hpp>

#include "framework/report/class_scores.h"
#include "framework/report/ranking_csv.h"
#include "framework/report/thinning.h"
#include "tests/support/temporary_folder.h"

using namespace mtl;
using nlohmann::json;

namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

Ranking sample_ranking(size_t points) {
  Ranking ranking{2, 3, 0.75, 0.5, 1, 0.8};
  for (size_t i = 1; i <= points; ++i) {
    const double share = static_cast<double>(i) / static_cast<double>(points);
    ranking.points.push_back({1 - share, share, share, 0.4});
  }
  return ranking;
}

json written(const Ranking& ranking) {
  EvaluationResult result;
  result.run = "t";
  result.tasks = {{"A", "plugin", true, 0.5, 5, {}, {{{{"scratch", "clean"}, {false, true}}, {{1, 1}, {0, 3}}}}},
                  {"angle", "plugin", false, 0.5, 5, {}, {}}};
  result.calibrations.resize(2);
  result.rankings = {ranking, {}};
  const test::TemporaryFolder folder;
  write_evaluation_json(folder.path() / "evaluation.json", result);
  return json::parse(test::read_file(folder.path() / "evaluation.json"))["tasks"];
}

}  // namespace

TEST_CASE("evaluation.json has every class's figures and row of the confusion matrix") {
  const json tasks = written(sample_ranking(3)), classes = tasks["A"]["classes"];
  REQUIRE(classes.size() == 2);
  CHECK(classes[0] == json::parse(R"({"name": "scratch", "normal": false, "precision": 1.0, "recall": 0.5,
                                      "f1": 0.6666666666666666, "support": 2, "predicted_as": [1, 1]})"));
  CHECK(classes[1] == json::parse(R"({"name": "clean", "normal": true, "precision": 0.75, "recall": 1.0,
                                      "f1": 0.8571428571428571, "support": 3, "predicted_as": [0, 3]})"));
  CHECK(tasks["angle"]["classes"].empty());
}

TEST_CASE("evaluation.json has the ranking, with at most 1000 of its points") {
  const json tasks = written(sample_ranking(2500)), ranking = tasks["A"]["defect_or_normal"];
  CHECK(ranking["defects"] == 2);
  CHECK(ranking["normals"] == 3);
  CHECK(ranking["auc"] == 0.75);
  CHECK(ranking["auc_interval"] == json::parse("[0.5, 1.0]"));
  CHECK(ranking["average_precision"] == 0.8);
  for (const char* column : {"limit", "false_positive_rate", "recall", "precision"})
    CHECK(ranking["points"][column].size() == 1000);
  CHECK(ranking["points"]["recall"].front() == 1 / 2500.0);
  CHECK(ranking["points"]["recall"].back() == 1.0);
  CHECK(tasks["angle"]["defect_or_normal"].is_null());
  Ranking perfect = sample_ranking(3);
  perfect.area_low = perfect.area_high = not_a_number;
  CHECK(written(perfect)["A"]["defect_or_normal"]["auc_interval"].is_null());
}

TEST_CASE("the curves' files have every point, and their numbers read back as they were") {
  const test::TemporaryFolder folder;
  Ranking ranking{2, 3, 0.75, 0.5, 1, 0.8};
  ranking.points = {{0.1 + 0.2, 0, 0.5, 1}, {1e-300, 1, 1, 2 / 5.0}};
  write_ranking(folder.path(), "A", ranking);
  CHECK(test::read_file(folder.path() / "roc_A.csv") ==
        "limit,false_positive_rate,true_positive_rate\ninf,0,0\n0.30000000000000004,0,0.5\n1e-300,1,1\n");
  CHECK(test::read_file(folder.path() / "precision_recall_A.csv") ==
        "limit,recall,precision\n0.30000000000000004,0.5,1\n1e-300,1,0.4\n");
}

TEST_CASE("thinned points keep both ends, evenly apart or with every peak") {
  CHECK(even_indexes(0, 5).empty());
  CHECK(even_indexes(3, 5) == std::vector<size_t>{0, 1, 2});
  CHECK(even_indexes(101, 5) == std::vector<size_t>{0, 25, 50, 75, 100});
  CHECK(even_indexes(10, 4) == std::vector<size_t>{0, 3, 6, 9});
  CHECK(indexes_with_extremes({3, 1, 2}, 4) == std::vector<size_t>{0, 1, 2});
  CHECK(indexes_with_extremes({1, 1, 9, 1, 0, 1, 1, 1, 5, 1}, 8) == std::vector<size_t>{0, 2, 4, 5, 8, 9});
  CHECK(indexes_with_extremes(std::vector<double>(10, 1.0), 8) == std::vector<size_t>{0, 4, 5, 9});
}
