#pragma once

#include <ATen/autocast_mode.h>
#include <torch/version.h>

/// What differs between LibTorch 1.13 and 2.x.
namespace efficientnet::torch_versions {

inline bool autocast_enabled(at::DeviceType device) {
#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 4)
  return at::autocast::is_autocast_enabled(device);
#else
  return device == at::kCPU ? at::autocast::is_cpu_enabled() : at::autocast::is_enabled();
#endif
}

}  // namespace efficientnet::torch_versions
