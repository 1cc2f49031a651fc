#include "framework/train/compute.h"

#include <ATen/Parallel.h>
#include <dlfcn.h>
#include <malloc.h>
#include <torch/cuda.h>

#include <limits>
#include <opencv2/core/utility.hpp>
#include <thread>

#include "mtl/error.h"

namespace mtl {
namespace {

/// glibc gives every large block back to the kernel when it is freed and faults it in again page by page: a quarter to
/// a third of a training step on the CPU. Blocks then come from one heap that only grows, in large steps.
void keep_freed_memory() {
  constexpr int heap_step = 256 << 20;
  mallopt(M_MMAP_MAX, 0);
  mallopt(M_TRIM_THRESHOLD, std::numeric_limits<int>::max());
  mallopt(M_TOP_PAD, heap_step);
}

/// OpenBLAS's threads spin beside LibTorch's and slow both down; the products of this network that reach it are small.
void quiet_openblas() {
  using SetThreads = void (*)(int);
  if (auto* const set_threads = reinterpret_cast<SetThreads>(dlsym(RTLD_DEFAULT, "openblas_set_num_threads")))
    set_threads(1);
}

}  // namespace

at::Device choose_device(const std::string& name) {
  if (name == "cpu") return at::kCPU;
  const auto gpus = static_cast<int>(torch::cuda::is_available() ? torch::cuda::device_count() : 0);
  if (name == "auto") return gpus > 0 ? at::Device(at::kCUDA, 0) : at::Device(at::kCPU);
  const int index = name == "cuda" ? 0 : std::stoi(name.substr(5));
  if (index >= gpus)
    throw Error("engine.device = \"" + name + "\" is not there: this LibTorch sees " + std::to_string(gpus) +
                " GPU(s); set it to \"auto\" or \"cpu\"");
  return at::Device(at::kCUDA, static_cast<c10::DeviceIndex>(index));
}

int prepare_compute(const EngineSettings& settings) {
  if (settings.keep_freed_memory) keep_freed_memory();
  const int threads = settings.threads > 0 ? static_cast<int>(settings.threads)
                                           : static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  at::set_num_threads(threads);
  quiet_openblas();
  cv::setNumThreads(1);  // the loader's threads each do a whole image
  return threads;
}

}  // namespace mtl
