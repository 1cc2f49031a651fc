#pragma once

#include <c10/core/Device.h>
#include <c10/core/ScalarType.h>

#include <optional>
#include <string>

namespace mtl {

/// "float32" -> none, "bfloat16", "float16" -> the type that autocast computes in. Throws mtl::Error where the device
/// cannot: float16 needs a GPU.
std::optional<at::ScalarType> autocast_type(const std::string& precision, const at::Device& device);

/// While it lives, convolutions and products compute in `type`; without one it changes nothing.
class AutocastScope {
 public:
  AutocastScope(const at::Device& device, std::optional<at::ScalarType> type);
  AutocastScope(const AutocastScope&) = delete;
  AutocastScope& operator=(const AutocastScope&) = delete;
  ~AutocastScope();

 private:
  at::DeviceType device_;
  bool active_;
  bool was_enabled_ = false;
};

}  // namespace mtl
