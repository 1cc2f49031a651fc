#include "framework/support/folder_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <string>
#include <thread>

#include "mtl/error.h"
#include "mtl/text.h"

namespace mtl {
namespace {

/// 0, or why not. The children of a process that was killed end a moment after it.
int lock(int descriptor) {
  using namespace std::chrono_literals;
  for (int tries = 0; tries < 40; ++tries) {
    if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0) return 0;
    if (errno != EWOULDBLOCK && errno != EINTR) return errno;
    std::this_thread::sleep_for(50ms);
  }
  return EWOULDBLOCK;
}

}  // namespace

FolderLock::FolderLock(const std::filesystem::path& folder)
    : descriptor_(::open((folder / file_name).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644)) {
  if (descriptor_ < 0)
    throw Error("cannot write in " + in_quotes(folder.string()) + ": " + std::strerror(errno) +
                "; choose another folder");
  const int failure = lock(descriptor_);
  if (failure == 0) return;
  ::close(descriptor_);
  if (failure == EWOULDBLOCK)
    throw Error(in_quotes(folder.string()) +
                " is in use by another mtl-engine; wait for it to end, or choose another folder");
  throw Error("cannot lock " + in_quotes(folder.string()) + ": " + std::strerror(failure) +
              "; choose a folder on another file system");
}

bool FolderLock::marks(const std::filesystem::path& folder) {
  std::error_code error;
  return std::filesystem::is_regular_file(folder / file_name, error);
}

FolderLock::~FolderLock() { ::close(descriptor_); }

}  // namespace mtl
