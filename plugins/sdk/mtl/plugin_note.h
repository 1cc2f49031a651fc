#pragma once

#include <cstdint>
#include <cstring>

namespace mtl {

/// Grows by one with every change of the SDK that an already compiled plugin could notice.
inline constexpr uint32_t sdk_abi = 5;

/// What a plugin's file says about itself before any of its code runs: the descriptor of an ELF note (owner "MTL",
/// type 1) in section .note.mtl_plugin. Plain, fixed-size, little-endian; `readelf -n` shows it, `strip` keeps it.
struct PluginNote {
  char magic[8];  ///< "MTLPLUG1"
  uint32_t size;  ///< sizeof(PluginNote) of the SDK the plugin was built with
  uint32_t sdk_abi;
  uint32_t torch_major, torch_minor;
  uint32_t torch_cuda;    ///< 1: built against a LibTorch with CUDA
  uint32_t cxx11_abi;     ///< _GLIBCXX_USE_CXX11_ABI
  uint32_t cxx_standard;  ///< 201703, 202002: __cplusplus
  uint32_t machine;       ///< e_machine of the target: 62 x86-64, 183 aarch64
  uint32_t sanitizers;    ///< bit 0 address, bit 1 thread
  uint32_t debug_stl;     ///< 1: _GLIBCXX_DEBUG changes the layout of containers
  char compiler[32];      ///< "gcc 12.2.0"
  char name[64];          ///< of the library: [a-z][a-z0-9_]*
  char version[32];
  char licence[32];
  char summary[160];
  char offers[1024];  ///< "backbone:efficientnet_b0 backbone:efficientnet_b1": kind:name, separated by blanks
};

inline constexpr char plugin_magic[8] = {'M', 'T', 'L', 'P', 'L', 'U', 'G', '1'};
inline constexpr char note_owner[4] = {'M', 'T', 'L', '\0'};
inline constexpr uint32_t note_type = 1;

/// The note as it lies in the file.
struct alignas(4) ElfPluginNote {
  uint32_t owner_size;
  uint32_t descriptor_size;
  uint32_t type;
  char owner[4];
  PluginNote note;
};
static_assert(sizeof(ElfPluginNote) == 16 + sizeof(PluginNote), "no padding: readers walk the bytes");

}  // namespace mtl
