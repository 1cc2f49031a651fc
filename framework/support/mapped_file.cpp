#include "framework/support/mapped_file.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>

#include "mtl/error.h"
#include "mtl/text.h"

namespace mtl {
namespace fs = std::filesystem;
namespace {

[[noreturn]] void fail(const fs::path& folder, int code) {
  throw Error("cannot make a file of cached pixels in " + in_quotes(folder.string()) + ": " + std::strerror(code) +
              "; name another folder in data.cache_folder, or leave it out to keep them in memory");
}

int open_nameless(const fs::path& folder) {
  std::string name = (folder / "mtl-engine-XXXXXX").string();
  const int descriptor = ::mkostemp(name.data(), O_CLOEXEC);
  if (descriptor < 0) fail(folder, errno);
  ::unlink(name.c_str());
  return descriptor;
}

}  // namespace

MappedFile::MappedFile(const fs::path& folder, int64_t capacity)
    : descriptor_(open_nameless(folder)), capacity_(std::max<int64_t>(1, capacity)) {
  void* begin = MAP_FAILED;
  if (::ftruncate(descriptor_, capacity_) == 0)
    begin = ::mmap(nullptr, static_cast<size_t>(capacity_), PROT_READ | PROT_WRITE, MAP_SHARED, descriptor_, 0);
  if (begin == MAP_FAILED) {
    const int code = errno;
    ::close(descriptor_);
    fail(folder, code);
  }
  begin_ = static_cast<uint8_t*>(begin);
}

MappedFile::~MappedFile() {
  ::munmap(begin_, static_cast<size_t>(capacity_));
  ::close(descriptor_);
}

uint8_t* MappedFile::take(int64_t bytes) {
  constexpr int64_t boundary = 64;
  const int64_t begin = (taken_ + boundary - 1) / boundary * boundary;
  if (bytes > capacity_ - begin) return nullptr;
  int code;
  // Without its blocks on the disk, writing to the memory would end the process where the disk is full.
  do code = ::posix_fallocate(descriptor_, begin, bytes);
  while (code == EINTR);
  if (code != 0) return nullptr;
  taken_ = begin + bytes;
  return begin_ + begin;
}

}  // namespace mtl
