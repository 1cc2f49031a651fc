#include "backbones/efficientnet/kernels/instruction_set.h"

#include <hwy/highway.h>
#include <hwy/targets.h>

#include <array>
#include <mutex>

namespace efficientnet::kernels {

namespace {

struct Target {
  const char* name;
  int64_t bit;
};

template <class T>
KernelsOf<T> chosen_kernels() {
  return {chosen_product_kernels<T>(), chosen_depthwise_kernels<T>(), chosen_channel_kernels<T>(),
          chosen_inference_kernels<T>()};
}

constexpr std::array<Target, 3> targets{{{"avx512", HWY_AVX3}, {"avx2", HWY_AVX2}, {"portable", HWY_STATIC_TARGET}}};

}  // namespace

std::vector<std::string> instruction_sets() {
  std::vector<std::string> names;
  for (const Target& target : targets)
    if (hwy::SupportedTargets() & target.bit) names.emplace_back(target.name);
  return names;
}

Kernels kernels_for(const std::string& name) {
  static std::mutex one_at_a_time;
  const std::lock_guard<std::mutex> lock(one_at_a_time);
  // Highway chooses once per process; for as long as the functions are looked up, it is told what to choose.
  for (const Target& target : targets)
    if (name == target.name) hwy::GetChosenTarget().Update(target.bit);
  Kernels kernels{name, chosen_kernels<float>(), chosen_kernels<bfloat16>()};
  hwy::GetChosenTarget().Update(hwy::SupportedTargets());
  return kernels;
}

}  // namespace efficientnet::kernels
