#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <vector>

#include "framework/memory/address_range.h"
#include "framework/memory/free_runs.h"

namespace mtl {

/// Of the large blocks; in bytes, but for the counts.
struct MemoryFigures {
  size_t in_use = 0;
  size_t most_in_use = 0;
  size_t kept = 0;      ///< free, with memory behind it
  uint64_t reused = 0;  ///< blocks that lay on kept memory alone
  uint64_t fresh = 0;   ///< blocks for which the kernel had to find memory
};

/// Memory for tensors. A training step takes the same large blocks as the one before it; the C library gives each back
/// to the kernel when it is freed, and the kernel zeroes it again page by page: a quarter to a third of a step on the
/// CPU. Here the memory of freed large blocks is kept for the next ones. Safe for several threads.
class BlockCache {
 public:
  static constexpr size_t alignment = 64;
  static constexpr size_t large = size_t{1} << 20;  ///< smaller blocks are left to the C library, which is good at them

  /// `addresses`: bytes that all large blocks together may take; further ones come from the C library.
  /// `most_kept`: bytes; what is freed beyond it goes back to the kernel at once.
  /// `available`: bytes that the kernel can still find. It promises more than it has and ends the process when that is
  /// written to; asked beforehand, the process can say what is too large.
  BlockCache(
      size_t addresses, size_t most_kept, std::function<size_t()> available = [] { return SIZE_MAX; });

  /// Aligned, not zeroed; never null. Throws std::bad_alloc, for a large block also where less is available.
  void* allocate(size_t bytes);
  /// A block of allocate(), or null.
  void free(void* block) noexcept;
  /// Gives all kept memory back to the kernel.
  void release() noexcept;
  MemoryFigures figures() const;

 private:
  void* take(size_t granules);
  void forget(Run run);
  void forget_all();
  bool is_available(size_t bytes);

  const size_t most_kept_;
  const std::function<size_t()> available_;
  const AddressRange range_;
  mutable std::mutex mutex_;
  FreeRuns free_;                 // of granules
  std::vector<bool> has_memory_;  // by granule
  size_t unasked_ = 0;            // so many bytes may be taken before available_ is asked again
  MemoryFigures figures_;
};

}  // namespace mtl
