#include "framework/study/study_tables.h"

#include <doctest/doctest.h>

#include "framework/study/figure_tables.h"
#include "tests/framework/study/sample_study.h"
#include "tests/support/contains.h"
#include "tests/support/temporary_folder.h"

using namespace mtl;
using test::contains;

namespace {

std::string first_lines(const std::string& text, int lines) {
  size_t end = 0;
  while (lines-- > 0 && end != std::string::npos) end = text.find('\n', end + 1);
  return text.substr(0, end);
}

}  // namespace

TEST_CASE("a table per number of tasks, and the auxiliary tasks last") {
  const StudyResult study = test::sample_study();
  const std::vector<Table> tables = figure_tables(study, study.variants[0]);
  REQUIRE(tables.size() == 5);
  CHECK(tables[0].caption == "Table 1: task A alone");
  CHECK(tables[1].rows.size() == 3);
  CHECK(tables[3].rows.size() == 1);
  CHECK(tables[4].caption == "Table 5: the auxiliary tasks in every arm that trains them");
  CHECK(tables[3].rows[0][3].text == "94.92 ± 0.40 %\n+1.87 [+0.77, +2.97]\np = 0.025\n▲ better");
  CHECK(tables[0].rows[0][3].text == "93.05 ± 0.40 %");
  CHECK(tables[4].rows[0][4].text == "–");  // ab does not train C
}

TEST_CASE("numbers of tasks that no arm has are skipped") {
  StudyResult study = test::sample_study();
  std::erase_if(study.variants[0].arms,
                [](const ArmResult& arm) { return arm.tasks.size() == 2 || arm.tasks.size() == 4; });
  const std::vector<Table> tables = figure_tables(study, study.variants[0]);
  REQUIRE(tables.size() == 3);
  CHECK(tables[1].id == "table3");
  CHECK(tables[2].id == "table5");
}

TEST_CASE("with one seed there is no deviation and no interval") {
  StudyResult study = test::sample_study();
  FigureSummary& figure = study.variants[0].arms[1].figures[0];
  figure.deviation = test::not_a_number;
  figure.comparison->estimate.interval = {test::not_a_number, test::not_a_number};
  figure.comparison->adjusted_p = test::not_a_number;
  figure.comparison->verdict = Verdict::not_shown;
  CHECK(figure_tables(study, study.variants[0])[1].rows[0][3].text == "91.65 %\n−1.40");
}

TEST_CASE("Markdown: foreign text breaks no cell, and there are no times") {
  const std::string text = study_tables_markdown(test::sample_study());
  CHECK(contains(text, "| left \\| right | end |"));
  CHECK(contains(text, "\\<b\\>full\\</b\\>"));
  CHECK_FALSE(contains(text, "13 min 32 s"));
  StudyResult slower = test::sample_study();
  for (StudyRun& run : slower.runs) run.seconds *= 2;
  CHECK(study_tables_markdown(slower) == text);
}

TEST_CASE("CSV files: full precision, nothing where there is nothing, no times") {
  const test::TemporaryFolder folder;
  write_study_csv(folder.path() / "tables", test::sample_study());
  const auto file = [&](const char* name) { return test::read_file(folder.path() / "tables" / name); };
  CHECK(first_lines(file("table1.csv"), 2).find("\na,A,3,0.9305,0.004,,,,,") != std::string::npos);
  CHECK(contains(file("table5.csv"), "arm,tasks,seeds,B_accuracy_mean,B_accuracy_deviation,C_accuracy_mean"));
  CHECK(contains(file("table5.csv"), "\nab,A + B,3,0.975,0.003,,,,\n"));
  CHECK(contains(file("statistics.csv"), "\nab,accuracy,worse,-0.014,"));
  CHECK(first_lines(file("attribution.csv"), 1) ==
        "task,figure,shapley,shapley_low,shapley_high,shapley_p,main_effect,main_effect_low,main_effect_high,main_"
        "effect_p");
  CHECK(contains(file("slices.csv"), "\nleft | right,end,40,"));
  CHECK(first_lines(file("runs.csv"), 1) == "run,arm,seed,state,best_epoch,epochs,device,threads,problem,folder");
  CHECK(
      contains(file("runs.csv"), "\nabd-3,abd,3,failed,,,cpu,,no space left on the device (<b>full</b>),runs/abd-3\n"));
  CHECK_FALSE(contains(file("runs.csv"), "812"));
}

TEST_CASE("CSV files of a study with axes name the variant") {
  const test::TemporaryFolder folder;
  write_study_csv(folder.path(), test::sample_study_with_axes());
  const std::string table = test::read_file(folder.path() / "table4.csv");
  CHECK(contains(table, "\nweighting fixed,abcd,"));
  CHECK(contains(table, "\nweighting gls | <b>,abcd,"));
  CHECK(contains(test::read_file(folder.path() / "axes.csv"),
                 "\nabcd,weighting gls | <b>,weighting fixed,accuracy,not shown,"));
}

TEST_CASE("a study without a run still gives its tables") {
  const test::TemporaryFolder folder;
  write_study_csv(folder.path(), {});
  CHECK(contains(test::read_file(folder.path() / "runs.csv"), "run,arm,seed"));
}
