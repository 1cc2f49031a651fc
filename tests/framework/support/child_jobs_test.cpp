#include <doctest/doctest.h>

#include <unistd.h>

#include <chrono>
#include <csignal>
#include <thread>

#include "framework/support/child_jobs.h"
#include "tests/support/temporary_folder.h"

using namespace mtl;
using test::read_file;

namespace {

struct Ends {
  std::vector<std::string> names;
  std::vector<JobEnd> ends;

  JobObserver observer(std::function<bool()> stop = [] { return false; }) {
    return {[this](const ChildJob& job, const JobEnd& end) {
              names.push_back(job.name);
              ends.push_back(end);
            },
            std::move(stop)};
  }
};

void wait_for_signal() {
  for (;;) std::this_thread::sleep_for(std::chrono::milliseconds(10));
}

}  // namespace

TEST_CASE("jobs run in order in processes of their own, and what they print goes to their files") {
  const test::TemporaryFolder folder;
  int changed = 0;
  const std::vector<ChildJob> jobs{{"one",
                                    [&] {
                                      changed = 1;
                                      std::puts("said by one");
                                      return 0;
                                    },
                                    folder.path() / "one.txt"},
                                   {"two", [] { return 3; }, folder.path() / "two.txt"}};
  Ends ends;
  run_jobs(jobs, 1, ends.observer());
  CHECK(ends.names == std::vector<std::string>{"one", "two"});
  CHECK(ends.ends[0].code == 0);
  CHECK(ends.ends[1].code == 3);
  CHECK(changed == 0);
  CHECK(read_file(folder.path() / "one.txt") == "said by one\n");
}

TEST_CASE("a job that crashes or throws ends alone") {
  const test::TemporaryFolder folder;
  const std::vector<ChildJob> jobs{
      {"crash", [] { return std::raise(SIGSEGV); }, folder.path() / "crash.txt"},
      {"throw", []() -> int { throw std::runtime_error("a sentence"); }, folder.path() / "throw.txt"},
      {"well", [] { return 0; }, folder.path() / "well.txt"}};
  Ends ends;
  run_jobs(jobs, 1, ends.observer());
  REQUIRE(ends.ends.size() == 3);
  CHECK(ends.ends[0].death == "crashed (Segmentation fault)");
  CHECK(ends.ends[0].code == 128 + SIGSEGV);
  CHECK(ends.ends[1].code == 1);
  CHECK(read_file(folder.path() / "throw.txt") == "a sentence\n");
  CHECK(ends.ends[2].code == 0);
}

TEST_CASE("several jobs run at the same time") {
  const test::TemporaryFolder folder;
  const auto wait_for = [&](const char* mine, const char* other) {
    return [&folder, mine, other] {
      folder.write(mine, "here");
      for (int tries = 0; tries < 500; ++tries) {
        if (std::filesystem::exists(folder.path() / other)) return 0;
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
      }
      return 1;
    };
  };
  const std::vector<ChildJob> jobs{{"a", wait_for("a", "b"), folder.path() / "a.txt"},
                                   {"b", wait_for("b", "a"), folder.path() / "b.txt"}};
  Ends ends;
  run_jobs(jobs, 2, ends.observer());
  REQUIRE(ends.ends.size() == 2);
  CHECK(ends.ends[0].code == 0);
  CHECK(ends.ends[1].code == 0);
}

TEST_CASE("a stop ends what runs and starts nothing more") {
  const test::TemporaryFolder folder;
  const auto work = [&] {
    folder.write("started", "");
    wait_for_signal();
    return 0;
  };
  const std::vector<ChildJob> jobs{{"runs", work, folder.path() / "runs.txt"},
                                   {"never", [] { return 0; }, folder.path() / "never.txt"}};
  Ends ends;
  run_jobs(jobs, 1, ends.observer([&] { return std::filesystem::exists(folder.path() / "started"); }));
  CHECK(ends.names == std::vector<std::string>{"runs"});
  CHECK(ends.ends[0].code == 128 + SIGTERM);
  CHECK_FALSE(std::filesystem::exists(folder.path() / "never.txt"));
}
