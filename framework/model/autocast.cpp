#include "framework/model/autocast.h"

#include "framework/model/torch_versions.h"
#include "mtl/error.h"

namespace mtl {

std::optional<at::ScalarType> autocast_type(const std::string& precision, const at::Device& device) {
  if (precision == "float32") return {};
  if (precision == "bfloat16") return at::kBFloat16;
  if (device.is_cpu())
    throw Error(
        "train.precision = \"float16\" needs a GPU, and this run is on the CPU; set it to \"bfloat16\" or "
        "\"float32\"");
  return at::kHalf;
}

AutocastScope::AutocastScope(const at::Device& device, std::optional<at::ScalarType> type)
    : device_(device.type()), active_(type.has_value()) {
  if (!active_) return;
  was_enabled_ = torch_versions::autocast_enabled(device_);
  torch_versions::set_autocast_type(device_, *type);
  torch_versions::enable_autocast(device_, true);
}

AutocastScope::~AutocastScope() {
  if (!active_) return;
  torch_versions::enable_autocast(device_, was_enabled_);
  at::autocast::clear_cache();  // casted weights must not outlive the step that changes them
}

}  // namespace mtl
