#include "backbones/efficientnet/kernels/instruction_set.h"

#include <hwy/highway.h>
#include <hwy/targets.h>

#include <algorithm>
#include <array>
#include <mutex>

namespace efficientnet::kernels {

namespace {

struct Target {
  const char* name;
  int64_t bit;
  bool in_pairs;  // products of bfloat16 values by AVX512_BF16
};

constexpr std::array<Target, 4> targets{{{"avx512_bf16", HWY_AVX3, true},
                                         {"avx512", HWY_AVX3, false},
                                         {"avx2", HWY_AVX2, false},
                                         {"portable", HWY_STATIC_TARGET, false}}};

bool has_avx512_bf16() {
#if HWY_ARCH_X86
  return __builtin_cpu_supports("avx512bf16");
#else
  return false;
#endif
}

bool can_run(const Target& target) {
  return (hwy::SupportedTargets() & target.bit) && (!target.in_pairs || has_avx512_bf16());
}

template <class T>
KernelsOf<T> chosen_kernels() {
  return {chosen_product_kernels<T>(), chosen_depthwise_kernels<T>(), chosen_channel_kernels<T>(),
          chosen_inference_kernels<T>()};
}

KernelsOf<bfloat16> chosen_kernels_in_pairs() {
  return {chosen_product_kernels_in_pairs(), chosen_depthwise_kernels<bfloat16>(), chosen_channel_kernels<bfloat16>(),
          chosen_inference_kernels_in_pairs()};
}

}  // namespace

std::vector<std::string> instruction_sets() {
  std::vector<std::string> names;
  for (const Target& target : targets)
    if (can_run(target)) names.emplace_back(target.name);
  return names;
}

Kernels kernels_for(const std::string& name) {
  static std::mutex one_at_a_time;
  const std::lock_guard<std::mutex> lock(one_at_a_time);
  const Target& target =
      *std::find_if(targets.begin(), targets.end(), [&](const Target& candidate) { return name == candidate.name; });
  // Highway chooses once per process; for as long as the functions are looked up, it is told what to choose.
  hwy::GetChosenTarget().Update(target.bit);
  Kernels kernels{name, chosen_kernels<float>(),
                  target.in_pairs ? chosen_kernels_in_pairs() : chosen_kernels<bfloat16>()};
  hwy::GetChosenTarget().Update(hwy::SupportedTargets());
  return kernels;
}

}  // namespace efficientnet::kernels
