#include "framework/report/page/run_page.h"

#include <doctest/doctest.h>

#include <cmath>

#include "framework/report/class_scores.h"
#include "framework/report/page/confusion_html.h"
#include "framework/report/page/table_text.h"
#include "tests/framework/report/page/sample_run.h"
#include "tests/support/contains.h"

using namespace mtl;
using test::contains;

namespace {

const ConfusionCounts two_classes{{{"free", "crack"}, {true, false}}, {{8, 2}, {0, 5}}};

}  // namespace

TEST_CASE("the page of a run: what was found first, then figures, curves, classes and settings") {
  const std::string page = run_page(test::sample_run());
  CHECK(contains(page, "of 320 test images. 1.25 % of the defect images pass as normal (escape rate)."));
  CHECK(contains(page, "Trained for 24 epochs in 12 min 34 s, then stopped early as nothing got better."));
  CHECK(contains(page, "The weights of epoch 21 were tested."));
  CHECK(contains(page, "Validation: angle mean absolute error"));
  CHECK(contains(page, "Gradients of the auxiliary tasks against the main one"));
  CHECK(contains(page, "Confusion matrix of task A"));
  CHECK(contains(page, "learning_rate = 0.001"));
  CHECK(page.find("escape rate") < page.find("<main"));
}

TEST_CASE(
    "where weights change the page shows them, with the effective learning rate; where measured, norms and conflicts") {
  RunPage run = test::sample_run();
  const std::string constant = run_page(run);
  for (const char* part : {"Loss weight per task", "Effective learning rate", "Conflicts with the main task"})
    CHECK_FALSE_MESSAGE(contains(constant, part), part);
  CHECK(contains(constant, "Gradient norm per task"));

  for (EpochResult& epoch : run.epochs) {
    epoch.weights[1] = 0.01 * static_cast<double>(epoch.epoch);
    epoch.learning_rate = 0.5;
    epoch.gradient_conflicts = {no_number, 0.25, 0.5, 0.75};
  }
  const std::string page = run_page(run);
  for (const char* part :
       {"Loss weight per task", "Effective learning rate of the shared part", "Conflicts with the main task"})
    CHECK_MESSAGE(contains(page, part), part);
  // Of the first epoch, 0.5 x (1 + 0.01 + 0.3 + 0.2), and of the last, 0.5 x (1 + 0.24 + 0.3 + 0.2).
  CHECK(contains(page, "last step of the epoch: 0.755 in epoch 1, 0.87 in epoch 24;"));
}

TEST_CASE("the page of a run says that memory ran out") {
  RunPage run = test::sample_run();
  CHECK_FALSE(contains(run_page(run), "Memory ran out"));
  run.epochs.back().batch_parts = 4;
  CHECK(contains(run_page(run), "Memory ran out: at the end batches went through the model in 4 parts."));
}

TEST_CASE("nothing foreign is more than text") {
  const std::string page = run_page(test::sample_run());
  CHECK(contains(page, "&lt;script&gt;alert(1)&lt;/script&gt;"));
  for (const char* tag : {"<script", "<img", "<b>", "\xff\""}) CHECK_FALSE(contains(page, tag));
}

TEST_CASE("a run that has not got far has a page too") {
  RunPage run;
  CHECK(contains(run_page(run), "This run has not been tested."));
  CHECK(contains(run_page(run), "No epoch is finished yet."));
  run = test::sample_run();
  for (EpochResult& epoch : run.epochs) epoch.gradient_cosines.clear();
  for (TaskResult& task : run.test) task.figures.clear(), task.confusion.clear();
  CHECK_FALSE(contains(run_page(run), "Gradients of the auxiliary"));
  CHECK_FALSE(contains(run_page(run), "Confusion matrix"));
}

TEST_CASE("precision, recall and F1 of each class") {
  const std::vector<ClassFigures> scores = class_scores(two_classes);
  CHECK(scores[0].precision == 1.0);
  CHECK(scores[0].recall == 0.8);
  CHECK(scores[1].precision == doctest::Approx(5.0 / 7));
  CHECK(scores[1].f1 == doctest::Approx(2 * 5.0 / 12));
  CHECK(scores[0].support == 10);
  const std::vector<ClassFigures> unseen = class_scores({{{"a", "b"}, {}}, {{3, 0}, {0, 0}}});
  CHECK(std::isnan(unseen[1].precision));
  CHECK(std::isnan(unseen[1].f1));
}

TEST_CASE("the difference of two matrices is in images per run, and good where it is for the better") {
  const ConfusionCounts better{two_classes.classes, {{20, 0}, {0, 10}}};  // of two runs
  const Table table = confusion_difference("d", "c", {better, 2}, {two_classes, 1});
  CHECK(table_csv(table) == "truth,free,crack\nfree,2,-2\ncrack,0,0\n");
  CHECK(table.rows[0][1].heat > 0);
  CHECK(table.rows[0][2].heat > 0);
  CHECK(table.rows[1][2].heat == 0);
  CHECK(confusion_difference("d", "c", {two_classes, 1}, {better, 2}).rows[0][2].heat < 0);
}

TEST_CASE("a matrix that nobody can read becomes a list of mistakes") {
  const Table table = confusion_table("m", "many", {test::sample_confusion(60, 20, 3), 1});
  CHECK_FALSE(table.is_matrix);
  CHECK(table.rows.size() == 40);
  CHECK(table.rows[0][2].text == "3");
}
