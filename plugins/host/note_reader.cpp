#include "plugins/host/note_reader.h"

#include <elf.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <vector>

namespace mtl::host {
namespace {

constexpr uint64_t largest_segment = 1 << 20;  // notes are small; a header that says otherwise lies
constexpr size_t most_segments = 1024;

class File {
 public:
  explicit File(const std::filesystem::path& path)
      : descriptor_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {
    struct stat status {};
    if (descriptor_ >= 0 && ::fstat(descriptor_, &status) == 0 && S_ISREG(status.st_mode))
      size_ = static_cast<uint64_t>(status.st_size);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }

  bool is_open() const { return descriptor_ >= 0; }
  bool holds(uint64_t offset, uint64_t bytes) const { return offset <= size_ && bytes <= size_ - offset; }

  /// False where the bytes are not all in the file.
  bool read(uint64_t offset, void* to, uint64_t bytes) const {
    if (!holds(offset, bytes)) return false;
    return ::pread(descriptor_, to, bytes, static_cast<off_t>(offset)) == static_cast<ssize_t>(bytes);
  }

 private:
  int descriptor_;
  uint64_t size_ = 0;  // 0 for what is no regular file
};

uint64_t aligned(uint64_t size) { return (size + 3) & ~uint64_t{3}; }

/// The descriptor of the first note of ours in a segment; empty where there is none.
std::vector<char> find_descriptor(const std::vector<char>& segment) {
  uint64_t at = 0;
  while (segment.size() - at >= sizeof(Elf64_Nhdr)) {
    Elf64_Nhdr header;
    std::memcpy(&header, segment.data() + at, sizeof header);
    const uint64_t owner = at + sizeof header;
    const uint64_t descriptor = owner + aligned(header.n_namesz);
    const uint64_t next = descriptor + aligned(header.n_descsz);
    if (next > segment.size()) return {};
    const bool ours = header.n_type == note_type && header.n_namesz == sizeof note_owner &&
                      std::memcmp(segment.data() + owner, note_owner, sizeof note_owner) == 0;
    if (ours) {
      const char* const begin = segment.data() + descriptor;
      return {begin, begin + header.n_descsz};
    }
    at = next;
  }
  return {};
}

template <size_t n>
void make_safe(char (&text)[n]) {
  text[n - 1] = '\0';
  for (char* c = text; *c; ++c)
    if (*c < 0x20 || *c > 0x7e) *c = '?';
}

NoteReading refuse(std::string problem) { return {{}, std::move(problem)}; }

NoteReading judge(const std::vector<char>& descriptor) {
  PluginNote note{};
  std::memcpy(&note, descriptor.data(), std::min(descriptor.size(), sizeof note));
  if (descriptor.size() < sizeof note.magic || std::memcmp(note.magic, plugin_magic, sizeof plugin_magic) != 0)
    return refuse("has a plugin note that does not begin with MTLPLUG1; build it again with MTL_PLUGIN");
  // The first fields never move, so that a plugin of another SDK can still be told so.
  const bool has_abi = descriptor.size() >= offsetof(PluginNote, torch_major);
  if (has_abi && note.sdk_abi != sdk_abi)
    return refuse("was built for SDK ABI " + std::to_string(note.sdk_abi) + ", this engine has " +
                  std::to_string(sdk_abi) + "; build it again against this engine");
  if (descriptor.size() != sizeof note || note.size != sizeof note)
    return refuse("has a plugin note of " + std::to_string(descriptor.size()) + " bytes instead of " +
                  std::to_string(sizeof note) + "; build it again with MTL_PLUGIN");
  make_safe(note.compiler);
  make_safe(note.name);
  make_safe(note.version);
  make_safe(note.licence);
  make_safe(note.summary);
  make_safe(note.offers);
  return {note, ""};
}

#if defined(__x86_64__)
constexpr Elf64_Half own_machine = EM_X86_64;
#elif defined(__aarch64__)
constexpr Elf64_Half own_machine = EM_AARCH64;
#else
constexpr Elf64_Half own_machine = EM_RISCV;
#endif

}  // namespace

NoteReading read_note(const std::filesystem::path& path) {
  const File file(path);
  if (!file.is_open()) return refuse("cannot be read; check that it exists and its permissions");
  Elf64_Ehdr header{};
  if (!file.read(0, &header, sizeof header) || std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0)
    return refuse("is no ELF shared library");
  if (header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_ident[EI_DATA] != ELFDATA2LSB ||
      header.e_machine != own_machine)
    return refuse("is a library for another machine (ELF machine " + std::to_string(header.e_machine) +
                  ", this one is " + std::to_string(own_machine) + "); build it for this machine");
  if (header.e_type != ET_DYN) return refuse("is no ELF shared library");
  if (header.e_phentsize != sizeof(Elf64_Phdr) || header.e_phnum > most_segments)
    return refuse("has damaged program headers; build it again");

  std::vector<Elf64_Phdr> segments(header.e_phnum);
  if (!file.read(header.e_phoff, segments.data(), segments.size() * sizeof(Elf64_Phdr)))
    return refuse("ends before its program headers; it is truncated");
  for (const Elf64_Phdr& segment : segments)  // a page past the file's end would kill the process that touches it
    if (segment.p_type == PT_LOAD && !file.holds(segment.p_offset, segment.p_filesz))
      return refuse("ends before its code; it is truncated");
  for (const Elf64_Phdr& segment : segments) {
    if (segment.p_type != PT_NOTE) continue;
    if (segment.p_filesz > largest_segment) return refuse("has a damaged note segment; build it again");
    std::vector<char> bytes(segment.p_filesz);
    if (!file.read(segment.p_offset, bytes.data(), bytes.size()))
      return refuse("ends before its notes; it is truncated");
    const std::vector<char> descriptor = find_descriptor(bytes);
    if (!descriptor.empty()) return judge(descriptor);
  }
  return refuse("is a shared library without a plugin note; a plugin has MTL_PLUGIN in one source file");
}

}  // namespace mtl::host
