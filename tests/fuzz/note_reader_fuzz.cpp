// Any bytes as a library: the reader of notes gives a note or a sentence, and touches nothing beyond the file.
#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>

#include "plugins/host/note_reader.h"

namespace {

/// A file in memory: a disk would be what one waits for.
int memory_file() {
  static const int file = ::memfd_create("library", 0);
  return file;
}

bool ends_in_zero(const char* text, size_t size) { return std::memchr(text, 0, size) != nullptr; }

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  static const std::string path = "/proc/self/fd/" + std::to_string(memory_file());
  if (::ftruncate(memory_file(), 0) != 0) std::abort();
  if (::pwrite(memory_file(), bytes, size, 0) != static_cast<ssize_t>(size)) std::abort();
  const mtl::host::NoteReading reading = mtl::host::read_note(path);
  if (reading.note.has_value() != reading.problem.empty()) std::abort();
  if (!reading.note) return 0;
  const mtl::PluginNote& note = *reading.note;
  const bool ends = ends_in_zero(note.compiler, sizeof note.compiler) && ends_in_zero(note.name, sizeof note.name) &&
                    ends_in_zero(note.version, sizeof note.version) &&
                    ends_in_zero(note.licence, sizeof note.licence) &&
                    ends_in_zero(note.summary, sizeof note.summary) && ends_in_zero(note.offers, sizeof note.offers);
  if (!ends) std::abort();
  return 0;
}
