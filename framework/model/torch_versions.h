#pragma once

#include <ATen/autocast_mode.h>
#include <torch/version.h>

/// What differs between LibTorch 1.13 and 2.x, in one place.
namespace mtl::torch_versions {

#define MTL_TORCH_AT_LEAST(major, minor) \
  (TORCH_VERSION_MAJOR > (major) || (TORCH_VERSION_MAJOR == (major) && TORCH_VERSION_MINOR >= (minor)))

inline bool autocast_enabled(at::DeviceType device) {
#if MTL_TORCH_AT_LEAST(2, 4)
  return at::autocast::is_autocast_enabled(device);
#else
  return device == at::kCPU ? at::autocast::is_cpu_enabled() : at::autocast::is_enabled();
#endif
}

inline void enable_autocast(at::DeviceType device, bool on) {
#if MTL_TORCH_AT_LEAST(2, 4)
  at::autocast::set_autocast_enabled(device, on);
#else
  device == at::kCPU ? at::autocast::set_cpu_enabled(on) : at::autocast::set_enabled(on);
#endif
}

inline void set_autocast_type(at::DeviceType device, at::ScalarType type) {
#if MTL_TORCH_AT_LEAST(2, 4)
  at::autocast::set_autocast_dtype(device, type);
#else
  device == at::kCPU ? at::autocast::set_autocast_cpu_dtype(type) : at::autocast::set_autocast_gpu_dtype(type);
#endif
}

}  // namespace mtl::torch_versions
