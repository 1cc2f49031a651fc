#include "framework/support/atomic_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

#include "mtl/error.h"
#include "mtl/text.h"

namespace mtl {
namespace fs = std::filesystem;
namespace {

[[noreturn]] void fail(const fs::path& file, const char* what, int code) {
  throw Error("cannot " + std::string(what) + " " + in_quotes(file.string()) + ": " + std::strerror(code) +
              "; free space or choose another folder (run.folder)");
}

void flush(const fs::path& path, int flags) {
  const int descriptor = ::open(path.c_str(), flags | O_CLOEXEC);
  if (descriptor < 0) fail(path, "open", errno);
  const int result = ::fsync(descriptor);
  const int code = errno;
  ::close(descriptor);
  // Some file systems cannot flush a folder and say EINVAL; the rename is as safe there as it gets.
  if (result != 0 && code != EINVAL) fail(path, "flush", code);
}

/// Fills `temporary`; errors name the file that it stands for.
void write_all(const fs::path& temporary, std::string_view content, const fs::path& file) {
  const int descriptor = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (descriptor < 0) fail(file, "write", errno);
  while (!content.empty()) {
    const ssize_t written = ::write(descriptor, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) {
      const int code = errno;
      ::close(descriptor);
      fail(file, "write", code);
    }
    content.remove_prefix(static_cast<size_t>(written));
  }
  if (::close(descriptor) != 0) fail(file, "write", errno);
}

}  // namespace

void flush_to_disk(const fs::path& file) { flush(file, O_RDONLY); }

void write_file_with(const fs::path& file, const std::function<void(const fs::path&)>& write) {
  const fs::path temporary =
      file.parent_path() / (file.stem().string() + ".tmp" + std::to_string(::getpid()) + file.extension().string());
  try {
    write(temporary);
    flush(temporary, O_RDONLY);
    if (::rename(temporary.c_str(), file.c_str()) != 0) fail(file, "rename to", errno);
  } catch (...) {
    std::error_code ignored;
    fs::remove(temporary, ignored);
    throw;
  }
  flush(file.has_parent_path() ? file.parent_path() : fs::path("."), O_RDONLY | O_DIRECTORY);
}

void write_file(const fs::path& file, std::string_view content) {
  write_file_with(file, [&](const fs::path& temporary) { write_all(temporary, content, file); });
}

void rename_folder(const fs::path& from, const fs::path& to) {
  flush(from, O_RDONLY | O_DIRECTORY);
  if (::rename(from.c_str(), to.c_str()) != 0) fail(to, "rename to", errno);
  flush(to.has_parent_path() ? to.parent_path() : fs::path("."), O_RDONLY | O_DIRECTORY);
}

void make_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) fail(folder, "make folder", error.value());
}

}  // namespace mtl
