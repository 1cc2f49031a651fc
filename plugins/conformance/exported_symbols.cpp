#include "plugins/conformance/exported_symbols.h"

#include <dlfcn.h>
#include <elf.h>
#include <link.h>

#include <cstdint>

namespace mtl::conformance {
namespace {

/// The three tables that a dynamic linker finds a library's symbols by.
struct Tables {
  const ElfW(Sym) * symbols = nullptr;
  const char* names = nullptr;
  const uint32_t* hash = nullptr;
};

Tables tables_of(const link_map& library) {
  Tables tables;
  for (const ElfW(Dyn)* entry = library.l_ld; entry->d_tag != DT_NULL; ++entry) {
    const auto address = entry->d_un.d_ptr;  // glibc has turned it into an address
    if (entry->d_tag == DT_SYMTAB) tables.symbols = reinterpret_cast<const ElfW(Sym)*>(address);
    if (entry->d_tag == DT_STRTAB) tables.names = reinterpret_cast<const char*>(address);
    if (entry->d_tag == DT_GNU_HASH) tables.hash = reinterpret_cast<const uint32_t*>(address);
  }
  return tables;
}

/// DT_GNU_HASH is: the number of buckets, the first symbol that is hashed, the number and shift of the bloom filter's
/// words (of 64 bits), these words, the buckets, and a chain of hashes per bucket whose last one is odd. Only symbols
/// that are given to others are hashed.
std::vector<std::string> hashed_names(const Tables& tables) {
  const uint32_t buckets = tables.hash[0], first = tables.hash[1], words = tables.hash[2];
  const uint32_t* const bucket = tables.hash + 4 + words * (sizeof(ElfW(Addr)) / sizeof(uint32_t));
  const uint32_t* const chain = bucket + buckets;
  std::vector<std::string> names;
  for (uint32_t b = 0; b < buckets; ++b)
    for (uint32_t symbol = bucket[b]; symbol >= first && symbol != 0; ++symbol) {
      names.emplace_back(tables.names + tables.symbols[symbol].st_name);
      if (chain[symbol - first] & 1U) break;
    }
  return names;
}

}  // namespace

std::vector<std::string> exported_symbols(const std::filesystem::path& file) {
  void* const handle = ::dlopen(file.c_str(), RTLD_LAZY | RTLD_NOLOAD);
  if (!handle) return {};
  link_map* library = nullptr;
  std::vector<std::string> names;
  if (::dlinfo(handle, RTLD_DI_LINKMAP, &library) == 0) {
    const Tables tables = tables_of(*library);
    if (tables.symbols && tables.names && tables.hash) names = hashed_names(tables);
  }
  ::dlclose(handle);
  return names;
}

}  // namespace mtl::conformance
