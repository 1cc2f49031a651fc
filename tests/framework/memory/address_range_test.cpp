#include "framework/memory/address_range.h"

#include <doctest/doctest.h>

#include <cstdint>
#include <cstring>

using namespace mtl;

namespace {

constexpr size_t mebibyte = size_t{1} << 20;

}  // namespace

TEST_CASE("whole huge pages, written to from end to end") {
  const AddressRange range(7 * mebibyte);
  REQUIRE(range.size() == 6 * mebibyte);
  CHECK(reinterpret_cast<uintptr_t>(range.begin()) % (2 * mebibyte) == 0);
  std::memset(range.begin(), 5, range.size());
  CHECK(range.begin()[range.size() - 1] == 5);
}

TEST_CASE("what is forgotten reads as zero, its neighbours as before") {
  const AddressRange range(4 * mebibyte);
  std::memset(range.begin(), 5, range.size());
  range.forget(mebibyte, mebibyte);
  CHECK(range.begin()[mebibyte - 1] == 5);
  CHECK(range.begin()[mebibyte] == 0);
  CHECK(range.begin()[2 * mebibyte - 1] == 0);
  CHECK(range.begin()[2 * mebibyte] == 5);
}

TEST_CASE("more than a process can have is halved until it fits") {
  const AddressRange range(SIZE_MAX / 2);
  CHECK(range.size() > 1024 * mebibyte);
  CHECK(range.size() < SIZE_MAX / 4);
}

TEST_CASE("less than a huge page is none") { CHECK(AddressRange(mebibyte).size() == 0); }
