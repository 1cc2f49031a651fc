#pragma once

#include <c10/core/Device.h>

#include <string>

#include "framework/config/run_config.h"

namespace mtl {

/// "auto" (a GPU where there is one), "cpu", "cuda", "cuda:1" -> the device. Throws mtl::Error where it is not there,
/// naming what is.
at::Device choose_device(const std::string& name);

/// Sets the process up for computing: threads, memory, OpenCV's and BLAS's own threads. Call once, before the first
/// tensor. Returns the number of compute threads.
int prepare_compute(const EngineSettings& settings);

}  // namespace mtl
