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

/// The children of a process that was killed end a moment after it.
bool lock(int descriptor) {
  using namespace std::chrono_literals;
  for (int tries = 0; tries < 40; ++tries) {
    if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0) return true;
    if (errno != EWOULDBLOCK && errno != EINTR) return false;
    std::this_thread::sleep_for(50ms);
  }
  return false;
}

}  // namespace

FolderLock::FolderLock(const std::filesystem::path& folder)
    : descriptor_(::open((folder / ".lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644)) {
  if (descriptor_ < 0)
    throw Error("cannot write in " + in_quotes(folder.string()) + ": " + std::strerror(errno) +
                "; choose another folder");
  if (lock(descriptor_)) return;
  ::close(descriptor_);
  throw Error(in_quotes(folder.string()) +
              " is in use by another mtl-engine; wait for it to end, or choose another folder");
}

FolderLock::~FolderLock() { ::close(descriptor_); }

}  // namespace mtl
