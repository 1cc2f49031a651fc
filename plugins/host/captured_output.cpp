#include "plugins/host/captured_output.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cstdio>
#include <iostream>

namespace mtl::host {
namespace {

void flush() {
  std::cout.flush();
  std::fflush(stdout);
}

}  // namespace

CapturedOutput::CapturedOutput() : original_(::dup(STDOUT_FILENO)), memory_(::memfd_create("output", MFD_CLOEXEC)) {
  flush();  // what waits to be printed was said before
  if (original_ >= 0 && memory_ >= 0) ::dup2(memory_, STDOUT_FILENO);
}

CapturedOutput::~CapturedOutput() {
  flush();
  if (original_ >= 0) ::dup2(original_, STDOUT_FILENO);
  ::close(original_);
  ::close(memory_);
}

std::string CapturedOutput::text() const {
  flush();
  const off_t size = ::lseek(memory_, 0, SEEK_END);
  if (size <= 0) return "";
  std::string text(static_cast<size_t>(size), '\0');
  const ssize_t got = ::pread(memory_, text.data(), text.size(), 0);
  text.resize(got < 0 ? 0 : static_cast<size_t>(got));
  return text;
}

}  // namespace mtl::host
