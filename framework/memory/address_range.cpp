#include "framework/memory/address_range.h"

#include <sys/mman.h>

#include <cstdint>

namespace mtl {
namespace {

constexpr size_t huge_page = size_t{2} << 20;

}  // namespace

AddressRange::AddressRange(size_t size) {
  for (size = size / huge_page * huge_page; size > 0; size = size / 2 / huge_page * huge_page) {
    // The kernel promises a boundary of 4 KiB alone: one huge page more, and what lies outside is given back.
    void* const mapped =
        mmap(nullptr, size + huge_page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (mapped == MAP_FAILED) continue;
    auto* const first = static_cast<char*>(mapped);
    const size_t before = (huge_page - reinterpret_cast<uintptr_t>(first) % huge_page) % huge_page;
    begin_ = first + before;
    size_ = size;
    if (before > 0) munmap(first, before);
    if (before < huge_page) munmap(begin_ + size, huge_page - before);
    madvise(begin_, size_, MADV_HUGEPAGE);  // a kernel without them refuses, and small pages serve
    return;
  }
}

AddressRange::~AddressRange() {
  if (size_ > 0) munmap(begin_, size_);
}

void AddressRange::forget(size_t offset, size_t bytes) const { madvise(begin_ + offset, bytes, MADV_DONTNEED); }

}  // namespace mtl
