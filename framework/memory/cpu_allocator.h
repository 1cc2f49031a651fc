#pragma once

#include <cstddef>

#include "framework/memory/block_cache.h"

/// The memory of LibTorch's CPU tensors, from a BlockCache of the whole process.
namespace mtl::cpu_allocator {

/// From now on, with at most `most_kept` bytes of freed memory kept; 0: half of the machine's. Later calls change
/// nothing.
void install(size_t most_kept);
/// Gives all kept memory back to the kernel.
void release();
/// All zero where it is not installed.
MemoryFigures figures();

}  // namespace mtl::cpu_allocator
