#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "framework/report/metrics_log.h"
#include "framework/report/metrics_reader.h"
#include "framework/report/run_record.h"
#include "mtl/error.h"
#include "tests/support/temporary_folder.h"

using namespace mtl;

namespace {

constexpr double no_number = std::numeric_limits<double>::quiet_NaN();

RunRecord sample_record() {
  RunRecord record{
      "r", "0.1.0",     "cpu", 2, 7, {"d", "p", "s", "b", "k", "h", ""}, 3, 5, true, 1.5, {"defect", "light"},
      {},  {"torn.png"}};
  record.test.push_back({"A",
                         "defect_class",
                         true,
                         0.1 + 0.2,
                         9,
                         {{"accuracy", 2.0 / 3, true, true}},
                         {{{{"<b>", "clean"}, {false, true}}, {{1, 2}, {3, 4}}}}});
  record.test.push_back({"D", "area", false, no_number, 0, {{"mae", no_number, false, false}}, {}});
  return record;
}

}  // namespace

TEST_CASE("a run's record reads back the same") {
  const test::TemporaryFolder folder;
  CHECK_FALSE(has_record(folder.path()));
  const RunRecord record = sample_record();
  write_record(folder.path(), record);
  REQUIRE(has_record(folder.path()));
  const RunRecord back = read_record(folder.path());
  CHECK(back.name == record.name);
  CHECK(back.seed == 7);
  CHECK(back.digests == record.digests);
  CHECK(back.best_epoch == 3);
  CHECK(back.stopped_early);
  CHECK(back.columns == record.columns);
  REQUIRE(back.test.size() == 2);
  CHECK(back.test[0].loss == record.test[0].loss);
  CHECK(back.test[0].figures[0].value == record.test[0].figures[0].value);
  CHECK(back.test[0].confusion[0].classes.names == std::vector<std::string>{"<b>", "clean"});
  CHECK(back.test[0].confusion[0].classes.normal == std::vector<bool>{false, true});
  CHECK(back.test[0].confusion[0].counts == record.test[0].confusion[0].counts);
  CHECK(std::isnan(back.test[1].loss));
  CHECK_FALSE(back.test[1].figures[0].higher_is_better);
}

TEST_CASE("a record that is damaged or of another kind is a sentence") {
  const test::TemporaryFolder folder;
  for (const char* text : {"", "{", "[]", "{\"format\": 2}", "{\"format\": 1}", "\xff\xfe"}) {
    folder.write("result.json", text);
    CHECK_THROWS_WITH_AS(read_record(folder.path()),
                         ((folder.path() / "result.json").string() +
                          " is no result of a run of this version; remove its folder to train it again")
                             .c_str(),
                         Error);
  }
}

TEST_CASE("the epochs of metrics.jsonl read back, with what was measured and what was not") {
  const test::TemporaryFolder folder;
  const RunRecord record = sample_record();
  const auto file = folder.path() / "metrics.jsonl";
  EpochResult one;
  one.epoch = 1;
  one.learning_rate = 0.1;
  one.train_losses = {1.25, no_number};
  one.weights = {1, 0.3};
  one.validation = record.test;
  one.best = true;
  EpochResult two = one;
  two.epoch = 2;
  two.gradient_norms = {2, 3};
  two.gradient_cosines = {1, -0.25};
  two.gradient_conflicts = {0, 0.5};
  two.skipped_steps = 3;
  two.batch_parts = 4;
  two.unsolved_steps = 2;
  MetricsLog log(file, {"A", "D"});
  log.epoch(one);
  log.epoch(two);
  log.test(1, record.test);

  const std::vector<EpochResult> back = read_metrics(file, record.test);
  REQUIRE(back.size() == 2);
  CHECK(back[0].train_losses[0] == 1.25);
  CHECK(std::isnan(back[0].train_losses[1]));
  CHECK(back[0].weights == std::vector<double>{1, 0.3});
  CHECK(back[0].validation[0].figures[0].value == 2.0 / 3);
  CHECK(back[0].best);
  CHECK(back[0].gradient_cosines.empty());
  CHECK(back[1].gradient_norms == std::vector<double>{2, 3});
  CHECK(back[1].gradient_cosines == std::vector<double>{1, -0.25});
  CHECK(back[1].gradient_conflicts == std::vector<double>{0, 0.5});
  CHECK(back[1].skipped_steps == 3);
  CHECK(back[1].batch_parts == 4);
  CHECK(back[1].unsolved_steps == 2);
  CHECK(back[0].skipped_steps == 0);

  folder.write("metrics.jsonl", "{\"epoch\": 1}\n");
  CHECK_THROWS_WITH_AS(read_metrics(file, record.test), (file.string() + ":1 is no line of a run's metrics").c_str(),
                       Error);
}
