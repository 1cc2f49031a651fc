#include "framework/support/failure.h"

#include <doctest/doctest.h>

#include <new>
#include <stdexcept>

#include "mtl/error.h"
#include "tests/support/temporary_folder.h"

using namespace mtl;

TEST_CASE("a failure is told with who failed and without a stack trace") {
  CHECK(blaming("task 'A'", [] { return 3; }) == 3);
  CHECK(test::error_of([] {
          blaming("task 'A'", [] { throw std::runtime_error("sizes differ\nframe #0: c10::Error"); });
        }) == "task 'A' failed: sizes differ");
  CHECK(test::error_of([] { blaming("task 'A'", [] { throw 3; }); }) ==
        "task 'A' failed with an exception that is no std::exception");
}

TEST_CASE("a lack of memory is nobody's fault") {
  CHECK_THROWS_AS(blaming("task 'A'", [] { throw std::runtime_error("DefaultCPUAllocator: can't allocate memory"); }),
                  std::bad_alloc);
  CHECK(is_out_of_memory(std::bad_alloc()));
  CHECK_FALSE(is_out_of_memory(std::runtime_error("sizes differ")));
}
