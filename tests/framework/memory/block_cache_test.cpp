#include "framework/memory/block_cache.h"

#include <doctest/doctest.h>

#include <cstring>
#include <new>
#include <random>
#include <thread>

using namespace mtl;

namespace {

constexpr size_t mebibyte = size_t{1} << 20;

}  // namespace

TEST_CASE("a freed large block serves again, with its memory") {
  BlockCache cache(64 * mebibyte, 64 * mebibyte);
  void* const first = cache.allocate(3 * mebibyte);
  std::memset(first, 7, 3 * mebibyte);
  cache.free(first);
  CHECK(cache.figures().in_use == 0);
  CHECK(cache.figures().kept >= 3 * mebibyte);
  auto* const second = static_cast<char*>(cache.allocate(2 * mebibyte));  // a smaller one fits too
  CHECK(second == first);
  CHECK(second[mebibyte] == 7);
  CHECK(cache.figures().fresh == 1);
  CHECK(cache.figures().reused == 1);
  cache.free(second);
}

TEST_CASE("figures count what is in use, at most and now") {
  BlockCache cache(64 * mebibyte, 64 * mebibyte);
  void* const a = cache.allocate(4 * mebibyte);
  void* const b = cache.allocate(2 * mebibyte);
  cache.free(a);
  const MemoryFigures figures = cache.figures();
  CHECK(figures.in_use == doctest::Approx(2 * mebibyte).epsilon(0.05));
  CHECK(figures.most_in_use == doctest::Approx(6 * mebibyte).epsilon(0.05));
  CHECK(figures.kept == doctest::Approx(4 * mebibyte).epsilon(0.05));
  cache.free(b);
}

TEST_CASE("beyond the bound memory goes back to the kernel at once, on request all of it") {
  BlockCache cache(64 * mebibyte, 5 * mebibyte);
  void* const kept = cache.allocate(4 * mebibyte);
  auto* const given_back = static_cast<char*>(cache.allocate(4 * mebibyte));
  std::memset(given_back, 7, 4 * mebibyte);
  cache.free(kept);
  cache.free(given_back);
  CHECK(cache.figures().kept <= 5 * mebibyte);
  CHECK(given_back[mebibyte] == 0);  // the address is still the cache's, and new memory stands behind it
  cache.release();
  CHECK(cache.figures().kept == 0);
  void* const again = cache.allocate(4 * mebibyte);
  CHECK(cache.figures().fresh == 3);
  cache.free(again);
}

TEST_CASE("blocks are aligned and apart, of any size") {
  BlockCache cache(64 * mebibyte, 64 * mebibyte);
  std::vector<std::pair<unsigned char*, size_t>> blocks;
  for (const size_t size : {1UL, 63UL, 64UL, 4096UL, 1048511UL, 1048512UL, 1048576UL, 5000000UL, 70000000UL}) {
    auto* const block = static_cast<unsigned char*>(cache.allocate(size));
    CHECK(reinterpret_cast<uintptr_t>(block) % BlockCache::alignment == 0);
    std::memset(block, static_cast<int>(size % 251), size);
    blocks.emplace_back(block, size);
  }
  for (const auto& [block, size] : blocks) {
    CHECK(block[0] == size % 251);
    CHECK(block[size - 1] == size % 251);
    cache.free(block);
  }
  CHECK(cache.figures().in_use == 0);
}

TEST_CASE("without addresses left the C library serves; without memory it is told") {
  BlockCache none(0, 0);
  void* const block = none.allocate(3 * mebibyte);
  CHECK(none.figures().most_in_use == 0);
  none.free(block);
  none.free(nullptr);
  CHECK_THROWS_AS(none.allocate(SIZE_MAX - 5), std::bad_alloc);
  CHECK_THROWS_AS(none.allocate(SIZE_MAX / 4), std::bad_alloc);
}

TEST_CASE("a large block for which the kernel has no memory is refused") {
  size_t available = 10 * mebibyte, asked = 0;
  BlockCache cache(64 * mebibyte, 64 * mebibyte, [&] {
    ++asked;
    return available;
  });
  void* const first = cache.allocate(4 * mebibyte);
  CHECK(asked == 1);
  void* const second = cache.allocate(mebibyte);  // within a quarter of what is left
  CHECK(asked == 1);
  CHECK_THROWS_AS(cache.allocate(11 * mebibyte), std::bad_alloc);
  CHECK(cache.figures().in_use == doctest::Approx(5 * mebibyte).epsilon(0.05));
  cache.free(cache.allocate(9 * mebibyte));  // the refused one took nothing
  available = 0;
  cache.free(cache.allocate(8 * mebibyte));  // on kept memory
  CHECK_THROWS_AS(cache.allocate(20 * mebibyte), std::bad_alloc);
  cache.free(first);
  cache.free(second);
  CHECK(cache.figures().in_use == 0);
}

TEST_CASE("before a block is refused, what is kept elsewhere goes back to the kernel") {
  std::vector<size_t> available{64 * mebibyte, 2 * mebibyte, 3 * mebibyte, 8 * mebibyte};  // answers, the last first
  BlockCache cache(64 * mebibyte, 64 * mebibyte, [&] {
    const size_t answer = available.back();
    available.pop_back();
    return answer;
  });
  void* const gap = cache.allocate(4 * mebibyte);
  void* const second = cache.allocate(2 * mebibyte);
  cache.free(gap);
  CHECK(cache.figures().kept > 0);
  void* const third = cache.allocate(6 * mebibyte);  // does not fit the gap
  CHECK(cache.figures().kept == 0);
  CHECK(available.empty());
  cache.free(second);
  cache.free(third);
}

TEST_CASE("several threads at once") {
  BlockCache cache(256 * mebibyte, 16 * mebibyte);
  const auto work = [&](unsigned seed) {
    std::mt19937 random(seed);
    for (int i = 0; i < 300; ++i) {
      const size_t size = 1 + random() % (4 * mebibyte);
      auto* const block = static_cast<unsigned char*>(cache.allocate(size));
      block[0] = block[size - 1] = static_cast<unsigned char>(seed);
      std::this_thread::yield();
      CHECK(block[0] == seed);
      CHECK(block[size - 1] == seed);
      cache.free(block);
    }
  };
  std::vector<std::thread> threads;
  for (unsigned seed = 1; seed <= 4; ++seed) threads.emplace_back(work, seed);
  for (std::thread& thread : threads) thread.join();
  CHECK(cache.figures().in_use == 0);
  CHECK(cache.figures().kept <= 16 * mebibyte);
}
