#include <doctest/doctest.h>

#include <limits>
#include <nlohmann/json.hpp>
#include <opencv2/imgcodecs.hpp>
#include <sstream>

#include "framework/report/confusion_files.h"
#include "framework/report/environment.h"
#include "framework/report/learning_curves.h"
#include "framework/report/metrics_log.h"
#include "framework/report/predictions_csv.h"
#include "framework/report/progress.h"
#include "framework/report/result_table.h"
#include "framework/report/run_folder.h"
#include "tests/support/temporary_folder.h"

using namespace mtl;
using nlohmann::json;

namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

TaskResult result(const std::string& task, bool main, std::vector<Figure> further = {}) {
  TaskResult r;
  r.task = task;
  r.plugin = "plugin_" + task;
  r.main = main;
  r.loss = 0.5;
  r.labelled = 40;
  r.figures = {{"accuracy", 0.875, true, true}, {"macro_f1", not_a_number, true, true}};
  r.figures.insert(r.figures.end(), further.begin(), further.end());
  return r;
}

EpochResult epoch(int64_t number) {
  EpochResult e;
  e.epoch = number;
  e.learning_rate = 0.001;
  e.train_losses = {2.0 / static_cast<double>(number), not_a_number};
  e.weights = {1.0, 0.3};
  e.validation = {result("A", true), result("B", false)};
  e.best = number == 1;
  e.seconds = 2;
  e.images_per_second = 100;
  e.data_wait_share = 0.01;
  return e;
}

/// Pixels that are not white, as a share.
double ink(const cv::Mat& image) {
  cv::Mat grey;
  cv::extractChannel(image, grey, 0);
  return 1 - static_cast<double>(cv::countNonZero(grey == 255)) / static_cast<double>(grey.total());
}

}  // namespace

TEST_CASE("metrics.jsonl: an object a line, what is not finite is null, times stand apart") {
  const test::TemporaryFolder folder;
  MetricsLog log(folder.path() / "metrics.jsonl", {"A", "B"});
  log.epoch(epoch(1));
  log.epoch(epoch(2));
  log.test(1, {result("A", true), result("B", false)});
  std::istringstream lines(test::read_file(folder.path() / "metrics.jsonl"));
  std::vector<json> parsed;
  for (std::string line; std::getline(lines, line);) parsed.push_back(json::parse(line));
  REQUIRE(parsed.size() == 3);
  CHECK(parsed[1]["epoch"] == 2);
  CHECK(parsed[1]["train_loss"]["A"] == 1.0);
  CHECK(parsed[1]["train_loss"]["B"].is_null());
  CHECK(parsed[1]["weight"]["B"] == 0.3);
  CHECK(parsed[1]["validation"]["A"]["accuracy"] == 0.875);
  CHECK(parsed[1]["validation"]["A"]["macro_f1"].is_null());
  CHECK(parsed[1]["time"]["images_per_second"] == 100.0);
  CHECK(parsed[2]["best_epoch"] == 1);
  CHECK(parsed[2]["test"]["B"]["labelled"] == 40);
}

TEST_CASE("metrics.jsonl has the tasks' gradients where they were measured") {
  const test::TemporaryFolder folder;
  MetricsLog log(folder.path() / "metrics.jsonl", {"A", "B"});
  EpochResult measured = epoch(2);
  measured.gradient_norms = {2.5, 0.5};
  measured.gradient_cosines = {1, not_a_number};
  log.epoch(epoch(1));
  log.epoch(measured);
  std::istringstream lines(test::read_file(folder.path() / "metrics.jsonl"));
  std::string without, with;
  REQUIRE(std::getline(lines, without));
  REQUIRE(std::getline(lines, with));
  CHECK_FALSE(json::parse(without).contains("gradient_norm"));
  CHECK(json::parse(with)["gradient_norm"] == json{{"A", 2.5}, {"B", 0.5}});
  CHECK(json::parse(with)["gradient_cosine"] == json{{"A", 1.0}, {"B", nullptr}});
}

TEST_CASE("predictions.csv has a row per image, empty where nothing is known") {
  const test::TemporaryFolder folder;
  write_predictions(folder.path() / "p.csv", {"A", "B"},
                    {{"x,1.png", {"rust", ""}, {{"rust", 0.75}, {"defect", not_a_number}}}});
  CHECK(test::read_file(folder.path() / "p.csv") ==
        "image,A_truth,A_prediction,A_probability,B_truth,B_prediction,B_probability\n\"x,1.png\",rust,rust,0.750000,,"
        "defect,\n");
}

TEST_CASE("a confusion matrix as CSV and as a picture") {
  const test::TemporaryFolder folder;
  const ConfusionCounts counts{{{"free", "crack"}, {true, false}}, {{8, 2}, {0, 5}}};
  write_confusion_csv(folder.path() / "c.csv", counts);
  CHECK(test::read_file(folder.path() / "c.csv") == "truth \\ predicted,free,crack\nfree,8,2\ncrack,0,5\n");
  write_confusion_png(folder.path() / "c.png", "two classes", counts);
  const cv::Mat picture = cv::imread((folder.path() / "c.png").string());
  REQUIRE_FALSE(picture.empty());
  CHECK(ink(picture) > 0.02);
}

TEST_CASE("learning curves are drawn, also for one epoch and where a loss is missing") {
  const test::TemporaryFolder folder;
  write_learning_curves(folder.path() / "one.png", "run", {"A", "B"}, {epoch(1)});
  write_learning_curves(folder.path() / "many.png", "run", {"A", "B"}, {epoch(1), epoch(2), epoch(3)});
  const cv::Mat one = cv::imread((folder.path() / "one.png").string()),
                many = cv::imread((folder.path() / "many.png").string());
  CHECK(ink(one) > 0.005);
  CHECK(cv::norm(one, many, cv::NORM_INF) > 0);
}

TEST_CASE("a figure that is no share has a panel of its own: pixels and per cent share no axis") {
  const test::TemporaryFolder folder;
  EpochResult mixed = epoch(1);
  mixed.validation[1].figures = {{"mean_absolute_error", 200, false, false}};
  write_learning_curves(folder.path() / "shares.png", "run", {"A", "B"}, {epoch(1)});
  write_learning_curves(folder.path() / "mixed.png", "run", {"A", "B"}, {mixed});
  const auto height = [&](const char* name) { return cv::imread((folder.path() / name).string()).rows; };
  CHECK(height("mixed.png") > height("shares.png"));
}

TEST_CASE("the table: shared figures in columns, the main task's further ones below") {
  const std::string table =
      result_table({result("A", true, {{"escape_rate", 0.0625, false, true}}), result("B", false)});
  CHECK(table.find("task                images    loss  accuracy  macro f1") != std::string::npos);
  CHECK(table.find("A (plugin_A, main)      40  0.5000   87.50 %         -") != std::string::npos);
  CHECK(table.find("accuracy over all  87.50 %") != std::string::npos);
  CHECK(table.find("escape rate         6.25 %") != std::string::npos);
  CHECK(figure_text({"mean_absolute_error", 3.14159, false, false}) == "3.142");
}

TEST_CASE("an epoch on one line") {
  CHECK(epoch_line(epoch(1), 20) == "epoch 1/20  loss 2.0000  A 87.50 %  B 87.50 %  100 images/s  data wait 1 %  best");
}

TEST_CASE("progress is drawn on a terminal only, and says how long it takes") {
  std::ostringstream file;
  Progress quiet(file, false, 3);
  quiet.start(1, 10, 0);
  quiet.advance(32, [] { return 1.0; });
  quiet.clear();
  CHECK(file.str().empty());
  CHECK(duration_text(3) == "0:03");
  CHECK(duration_text(245) == "4:05");
  CHECK(duration_text(3723) == "1:02:03");
}

TEST_CASE("a run folder that holds something is refused, and so is one that cannot be made") {
  const test::TemporaryFolder folder;
  constexpr int64_t needed = 1 << 20;
  const auto made = make_run_folder(folder.path() / "runs", "one", needed);
  CHECK(std::filesystem::is_directory(made));
  CHECK(make_run_folder(folder.path() / "runs", "one", needed) == made);
  folder.write("runs/one/.mtl-engine.lock", "");
  CHECK_NOTHROW(require_unused_run_folder(folder.path() / "runs", "one"));
  CHECK_FALSE(is_used_run_folder(folder.path() / "runs", "none"));
  folder.write("runs/one/model.safetensors", "weights");
  CHECK(test::error_of([&] { require_unused_run_folder(folder.path() / "runs", "one"); }) ==
        "run folder '" + made.string() +
            "' holds a run already; go on with it where it was stopped (--resume), give this one another name (--set "
            "run.name=NAME), or remove the folder");
  folder.write("runs/two", "a file");
  CHECK(test::error_of([&] {
          require_unused_run_folder(folder.path() / "runs", "two");
        }).find("is a file; give the run another name") != std::string::npos);
  CHECK(test::error_of([&] {
          make_run_folder(folder.path() / "runs/two", "three", needed);
        }).find("cannot make folder") == 0);
  CHECK(test::error_of([&] {
          make_run_folder(folder.path() / "runs", "large", int64_t{1} << 60);
        }).find("MiB of free space, this run needs 1099511627777; free some") != std::string::npos);
}

TEST_CASE("environment.json says what a result depends on") {
  const test::TemporaryFolder folder;
  write_environment(folder.path() / "e.json", {"0.1.0", "1.13.1", "12.2.0", "cpu", 2, "w.pth", "ab12"});
  const json facts = json::parse(test::read_file(folder.path() / "e.json"));
  CHECK(facts.dump().find("\"1.13.1\"") != std::string::npos);
  CHECK(facts.dump().find("\"cpu\"") != std::string::npos);
  CHECK(facts["weights"] == json{{"file", "w.pth"}, {"sha256", "ab12"}});
}
