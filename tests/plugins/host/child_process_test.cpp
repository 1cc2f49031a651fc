#include "plugins/host/child_process.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <csignal>

#include "mtl/error.h"

using namespace mtl;
using host::in_child;
using host::Write;

TEST_CASE("what a child writes comes back, and what it throws") {
  const auto fine = in_child([](const Write& write) { write("one\n"), write("two"); }, 10);
  CHECK(fine.text == "one\ntwo");
  CHECK(fine.error == "");
  CHECK(fine.death == "");
  const auto thrown = in_child(
      [](const Write& write) {
        write("before");
        throw Error("no such thing");
      },
      10);
  CHECK(thrown.text == "before");
  CHECK(thrown.error == "no such thing");
  CHECK(thrown.death == "");
}

TEST_CASE("a child that crashes, hangs or leaves is told apart, and what it wrote before is kept") {
  const auto after_a_word = [](void (*die)()) {
    return in_child(
        [die](const Write& write) {
          write("begun");
          die();
        },
        1);
  };
  const auto crashed = after_a_word([] { ::raise(SIGSEGV); });
  CHECK(crashed.death == "crashed (Segmentation fault)");
  CHECK(crashed.text == "begun");
  CHECK(after_a_word([] { ::_exit(0); }).death == "ended the process");
  CHECK(after_a_word([] {
          for (;;) ::pause();
        }).death == "did not end within 1 seconds");
}
