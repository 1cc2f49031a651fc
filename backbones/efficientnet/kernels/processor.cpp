#include "backbones/efficientnet/kernels/processor.h"

#if defined(__x86_64__) && defined(__linux__)
#include <cpuid.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace efficientnet::kernels {

#if defined(__x86_64__) && defined(__linux__)

namespace {

/// CPUID leaf 7: EDX bit 24 is AMX-TILE, bit 22 AMX-BF16 (Intel 64 and IA-32 Architectures Software Developer's Manual,
/// volume 2A, CPUID).
bool has_amx_bf16() {
  constexpr unsigned wanted = 1U << 24 | 1U << 22;
  unsigned a = 0, b = 0, c = 0, d = 0;
  return __get_cpuid_count(7, 0, &a, &b, &c, &d) && (d & wanted) == wanted;
}

/// Linux gives the tiles' eight kilobytes of state to those that ask (kernel documentation: "Using XSTATE features in
/// user space applications").
bool ask_for_tiles() {
  constexpr int arch_req_xcomp_perm = 0x1023;
  constexpr int tile_data = 18;
  return ::syscall(SYS_arch_prctl, arch_req_xcomp_perm, tile_data) == 0;
}

}  // namespace

bool has_avx512_bf16() { return __builtin_cpu_supports("avx512bf16"); }

bool may_use_amx() {
  static const bool may = has_amx_bf16() && ask_for_tiles();
  return may;
}

#else

bool has_avx512_bf16() { return false; }
bool may_use_amx() { return false; }

#endif

}  // namespace efficientnet::kernels
