#include "framework/memory/cpu_allocator.h"

#include <c10/core/CPUAllocator.h>
#include <unistd.h>

#include <cstring>

#include "framework/memory/available_memory.h"
#include "framework/memory/torch_versions.h"

namespace mtl::cpu_allocator {
namespace {

/// Never destroyed: tensors in static variables are freed after everything else.
BlockCache* cache = nullptr;

void free_block(void* block) { cache->free(block); }

size_t physical_memory() {
  return static_cast<size_t>(sysconf(_SC_PHYS_PAGES)) * static_cast<size_t>(sysconf(_SC_PAGESIZE));
}

struct CachingAllocator final : c10::Allocator {
  c10::DataPtr allocate(size_t bytes) MTL_CONST_BEFORE_2_3 override {
    void* const block = bytes > 0 ? cache->allocate(bytes) : nullptr;
    return {block, block, &free_block, c10::Device(c10::DeviceType::CPU)};
  }
  c10::DeleterFnPtr raw_deleter() const override { return &free_block; }
  // Overrides where LibTorch asks for it (2.2 on).
  void copy_data(void* to, const void* from, size_t bytes) const { std::memcpy(to, from, bytes); }
};

}  // namespace

void install(size_t most_kept) {
  if (cache) return;
  const size_t physical = physical_memory();
  // Addresses cost nothing until they are written to; twice the memory leaves room for the gaps between blocks.
  cache = new BlockCache(2 * physical, most_kept > 0 ? most_kept : physical / 2, [] { return available_memory(); });
  c10::SetCPUAllocator(new CachingAllocator);
}

void release() {
  if (cache) cache->release();
}

MemoryFigures figures() { return cache ? cache->figures() : MemoryFigures{}; }

}  // namespace mtl::cpu_allocator
