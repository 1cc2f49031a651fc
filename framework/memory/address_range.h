#pragma once

#include <cstddef>

namespace mtl {

/// Addresses of this process, with memory behind them from the first write on: in huge pages where the kernel has them,
/// which it finds and zeroes 512 at a time.
class AddressRange {
 public:
  /// `size` bytes, on a boundary of 2 MiB, or half as many, or a quarter, ...: what the process may still have.
  explicit AddressRange(size_t size);
  AddressRange(const AddressRange&) = delete;
  AddressRange& operator=(const AddressRange&) = delete;
  ~AddressRange();

  char* begin() const { return begin_; }
  size_t size() const { return size_; }  ///< bytes; 0: the process may have none
  /// Gives the memory behind it back to the kernel; a later write finds zeros. Whole pages of 4 KiB.
  void forget(size_t offset, size_t bytes) const;

 private:
  char* begin_ = nullptr;
  size_t size_ = 0;
};

}  // namespace mtl
