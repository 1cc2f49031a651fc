#include "plugins/host/libtorch_settings.h"

#include <ATen/Parallel.h>
#include <ATen/core/grad_mode.h>
#include <torch/utils.h>

namespace mtl::host {

LibtorchSettings LibtorchSettings::now() {
  return {at::GradMode::is_enabled(), at::get_num_threads(), at::get_default_dtype()};
}

std::string LibtorchSettings::changed() const {
  const LibtorchSettings here = now();
  if (here.grad_mode != grad_mode) return "LibTorch's gradient mode is another one afterwards; use a guard";
  if (here.threads != threads) return "LibTorch has another number of threads afterwards";
  if (here.default_type != default_type) return "LibTorch has another default type afterwards";
  return "";
}

void LibtorchSettings::restore() const {
  const LibtorchSettings here = now();
  if (here.grad_mode != grad_mode) at::GradMode::set_enabled(grad_mode);
  if (here.threads != threads) at::set_num_threads(threads);
  if (here.default_type != default_type) at::set_default_dtype(default_type);
}

}  // namespace mtl::host
