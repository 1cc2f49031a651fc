#include "plugins/host/plugin_call.h"

#include <doctest/doctest.h>
#include <torch/utils.h>
#include <unistd.h>

#include <cstdio>
#include <iostream>
#include <new>
#include <sstream>
#include <stdexcept>

#include "plugins/host/captured_output.h"
#include "plugins/host/failure.h"
#include "tests/support/temporary_folder.h"

using namespace mtl;
using host::call_plugin;
using host::CapturedOutput;

namespace {

/// What is written to std::cerr while it lives.
class CapturedErrors {
 public:
  CapturedErrors() : before_(std::cerr.rdbuf(text_.rdbuf())) {}
  ~CapturedErrors() { std::cerr.rdbuf(before_); }
  std::string text() const { return text_.str(); }

 private:
  std::ostringstream text_;
  std::streambuf* before_;
};

}  // namespace

TEST_CASE("a failure is told with who failed and without a stack trace") {
  CHECK(call_plugin("task 'A'", [] { return 3; }) == 3);
  CHECK(test::error_of([] {
          call_plugin("task 'A'", [] { throw std::runtime_error("sizes differ\nframe #0: c10::Error"); });
        }) == "task 'A' failed: sizes differ");
  CHECK(test::error_of([] { call_plugin("task 'A'", [] { throw 3; }); }) ==
        "task 'A' failed with an exception that is no std::exception");
}

TEST_CASE("a lack of memory is nobody's fault") {
  CHECK_THROWS_AS(
      call_plugin("task 'A'", [] { throw std::runtime_error("DefaultCPUAllocator: can't allocate memory"); }),
      std::bad_alloc);
  CHECK(host::is_out_of_memory(std::bad_alloc()));
  CHECK_FALSE(host::is_out_of_memory(std::runtime_error("sizes differ")));
}

TEST_CASE("a changed setting of LibTorch is told and put back, by a call that throws too") {
  const int threads = at::get_num_threads();
  CHECK(test::error_of([&] { call_plugin("task 'A'", [&] { at::set_num_threads(threads + 1); }); }) ==
        "task 'A': LibTorch has another number of threads afterwards");
  CHECK(at::get_num_threads() == threads);
  CHECK(test::error_of([] {
          call_plugin("task 'A'", [] {
            at::set_default_dtype(caffe2::TypeMeta::Make<double>());
            throw std::runtime_error("no");
          });
        }) == "task 'A' failed: no");
  CHECK(at::get_default_dtype() == caffe2::TypeMeta::Make<float>());
  CHECK(test::error_of([] { call_plugin("task 'A'", [] { at::GradMode::set_enabled(false); }); }) ==
        "task 'A': LibTorch's gradient mode is another one afterwards; use a guard");
  CHECK(at::GradMode::is_enabled());
}

TEST_CASE("what a plugin prints goes to standard error, named once") {
  const CapturedOutput outside;
  const CapturedErrors errors;
  for (int i = 0; i < 2; ++i)
    call_plugin("task 'talks'", [i] {
      std::printf("one %d\n", i);
      std::cout << "two " << i << "\n";
    });
  CHECK(
      errors.text() ==
      "task 'talks' prints to standard output, which is the engine's; it goes here instead:\none 0\ntwo 0\none 1\ntwo "
      "1\n");
  CHECK(outside.text().empty());
}

TEST_CASE("output is captured while it is asked for, and nothing said before is") {
  const CapturedOutput outside;
  std::printf("before ");
  {
    const CapturedOutput inside;
    std::printf("inside");
    CHECK(inside.text() == "inside");
    CHECK(inside.text() == "inside");
  }
  std::printf("after");
  CHECK(outside.text() == "before after");
}
