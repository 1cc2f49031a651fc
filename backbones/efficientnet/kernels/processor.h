#pragma once

/// What Highway does not know of a processor.
namespace efficientnet::kernels {

/// Products of bfloat16 pairs in AVX-512's registers.
bool has_avx512_bf16();

/// Products of bfloat16 tiles: the processor has them, and the system lets this process use the tiles, which it is
/// asked for at the first call.
bool may_use_amx();

}  // namespace efficientnet::kernels
