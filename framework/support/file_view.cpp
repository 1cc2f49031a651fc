#include "framework/support/file_view.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

#include "mtl/error.h"

namespace mtl {

FileView::FileView(const std::filesystem::path& file) {
  const auto fail = [&](const std::string& what) { throw Error(file.string() + " " + what); };
  const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);  // a pipe must not be waited for
  if (descriptor < 0)
    fail(errno == ENOENT ? "is no file that can be read" : std::string("cannot be read: ") + std::strerror(errno));
  struct stat facts {};
  const bool is_file = ::fstat(descriptor, &facts) == 0 && S_ISREG(facts.st_mode);
  void* memory = nullptr;
  if (is_file && facts.st_size > 0)
    memory = ::mmap(nullptr, static_cast<size_t>(facts.st_size), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_NORESERVE,
                    descriptor, 0);
  const int code = errno;
  ::close(descriptor);
  if (!is_file) fail("is no file that can be read");
  if (memory == MAP_FAILED) fail(std::string("cannot be read: ") + std::strerror(code));
  begin_ = static_cast<char*>(memory);
  size_ = static_cast<size_t>(facts.st_size);
}

FileView::~FileView() {
  if (begin_) ::munmap(begin_, size_);
}

}  // namespace mtl
