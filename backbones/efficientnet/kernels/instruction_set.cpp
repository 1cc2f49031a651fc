#include "backbones/efficientnet/kernels/instruction_set.h"

#include <hwy/highway.h>
#include <hwy/targets.h>

#include <algorithm>
#include <array>
#include <mutex>

#include "backbones/efficientnet/kernels/processor.h"

namespace efficientnet::kernels {

namespace {

/// What multiplies bfloat16 activations.
enum class Products { float32, avx512_bf16, amx };

struct Target {
  const char* name;
  int64_t bit;
  Products products;
};

constexpr std::array<Target, 5> targets{{{"amx", HWY_AVX3, Products::amx},
                                         {"avx512_bf16", HWY_AVX3, Products::avx512_bf16},
                                         {"avx512", HWY_AVX3, Products::float32},
                                         {"avx2", HWY_AVX2, Products::float32},
                                         {"portable", HWY_STATIC_TARGET, Products::float32}}};

bool can_multiply(Products products) {
  if (products == Products::float32) return true;
  return has_avx512_bf16() && (products == Products::avx512_bf16 || may_use_amx());
}

bool can_run(const Target& target) { return (hwy::SupportedTargets() & target.bit) && can_multiply(target.products); }

template <class T>
KernelsOf<T> chosen_kernels() {
  return {chosen_product_kernels<T>(), chosen_depthwise_kernels<T>(), chosen_channel_kernels<T>(),
          chosen_inference_kernels<T>()};
}

KernelsOf<bfloat16> chosen_kernels(Products products) {
  auto kernels = chosen_kernels<bfloat16>();
  if (products == Products::avx512_bf16) {
    kernels.products = chosen_product_kernels_in_pairs();
    kernels.inference = chosen_inference_kernels_in_pairs();
  } else if (products == Products::amx) {
    kernels.products = chosen_product_kernels_in_tiles();
    kernels.inference = chosen_inference_kernels_in_tiles();
  }
  return kernels;
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
  Kernels kernels{name, chosen_kernels<float>(), chosen_kernels(target.products)};
  hwy::GetChosenTarget().Update(hwy::SupportedTargets());
  return kernels;
}

}  // namespace efficientnet::kernels
