#include "framework/memory/block_cache.h"

#include <algorithm>
#include <cstdlib>
#include <new>
#include <utility>

namespace mtl {
namespace {

/// Large blocks take whole ones: few enough to keep count of, and a block of 1 MiB wastes 6 % at most.
constexpr size_t granule = 64 << 10;

/// Stands before every block that is handed out.
struct alignas(BlockCache::alignment) Header {
  size_t granules;  // with the header; 0: from the C library
};

size_t divide_up(size_t bytes, size_t step) { return (bytes + step - 1) / step; }

void* from_c_library(size_t bytes) {
  void* const memory =
      std::aligned_alloc(BlockCache::alignment, divide_up(bytes, BlockCache::alignment) * BlockCache::alignment);
  if (!memory) throw std::bad_alloc();
  return memory;
}

}  // namespace

BlockCache::BlockCache(size_t addresses, size_t most_kept, std::function<size_t()> available)
    : most_kept_(most_kept),
      available_(std::move(available)),
      range_(addresses),
      free_(range_.size() / granule),
      has_memory_(range_.size() / granule, false) {}

void* BlockCache::allocate(size_t bytes) {
  if (bytes > SIZE_MAX / 2) throw std::bad_alloc();
  const size_t needed = bytes + sizeof(Header), granules = needed < large ? 0 : divide_up(needed, granule);
  if (void* const memory = granules > 0 ? take(granules) : nullptr) return new (memory) Header{granules} + 1;
  return new (from_c_library(needed)) Header{0} + 1;
}

void* BlockCache::take(size_t granules) {
  const std::lock_guard lock(mutex_);
  const auto run = free_.take(granules);
  if (!run) return nullptr;
  const auto first = has_memory_.begin() + static_cast<std::ptrdiff_t>(run->begin),
             last = has_memory_.begin() + static_cast<std::ptrdiff_t>(run->end);
  const auto kept = static_cast<size_t>(std::count(first, last, true));
  if (!is_available((granules - kept) * granule)) {
    free_.give_back(*run);
    throw std::bad_alloc();
  }
  std::fill(first, last, true);
  ++(kept == granules ? figures_.reused : figures_.fresh);
  figures_.kept -= kept * granule;
  figures_.in_use += granules * granule;
  figures_.most_in_use = std::max(figures_.most_in_use, figures_.in_use);
  return range_.begin() + run->begin * granule;
}

void BlockCache::free(void* block) noexcept {
  if (!block) return;
  Header* const header = static_cast<Header*>(block) - 1;
  const size_t granules = header->granules;
  if (granules == 0) return std::free(header);
  const size_t begin = static_cast<size_t>(reinterpret_cast<char*>(header) - range_.begin()) / granule;
  const Run run{begin, begin + granules};
  const std::lock_guard lock(mutex_);
  figures_.in_use -= granules * granule;
  figures_.kept += granules * granule;
  if (figures_.kept > most_kept_) forget(run);
  free_.give_back(run);
}

void BlockCache::forget(Run run) {
  range_.forget(run.begin * granule, run.length() * granule);
  for (size_t i = run.begin; i < run.end; ++i) {
    figures_.kept -= has_memory_[i] ? granule : 0;
    has_memory_[i] = false;
  }
}

void BlockCache::forget_all() {
  for (const auto& [begin, end] : free_.all()) forget({begin, end});
}

/// Asked again after a quarter of the answer is taken: others take memory too.
bool BlockCache::is_available(size_t bytes) {
  if (bytes <= unasked_) {
    unasked_ -= bytes;
    return true;
  }
  size_t available = available_();
  if (bytes > available) {
    forget_all();
    available = available_();
  }
  if (bytes > available) return false;
  unasked_ = (available - bytes) / 4;
  return true;
}

void BlockCache::release() noexcept {
  const std::lock_guard lock(mutex_);
  forget_all();
}

MemoryFigures BlockCache::figures() const {
  const std::lock_guard lock(mutex_);
  return figures_;
}

}  // namespace mtl
