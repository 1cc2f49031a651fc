#include "framework/assembly/compute.h"

#include <ATen/Parallel.h>
#include <dlfcn.h>
#include <torch/cuda.h>

#include <algorithm>
#include <opencv2/core/utility.hpp>
#include <thread>

#include "framework/memory/cpu_allocator.h"
#include "mtl/error.h"
#include "mtl/text.h"

namespace mtl {
namespace {

/// OpenBLAS's threads spin beside LibTorch's and slow both down; the products of this network that reach it are small.
void quiet_openblas() {
  using SetThreads = void (*)(int);
  if (auto* const set_threads = reinterpret_cast<SetThreads>(dlsym(RTLD_DEFAULT, "openblas_set_num_threads")))
    set_threads(1);
}

/// N of "cuda:N".
int index_in(const std::string& name) {
  const std::string beginning = "cuda:", digits = name.substr(std::min(name.size(), beginning.size()));
  const bool is_one = name.compare(0, beginning.size(), beginning) == 0 && !digits.empty() && digits.size() <= 3 &&
                      digits.find_first_not_of("0123456789") == std::string::npos;
  if (!is_one) throw Error("there is no device " + in_quotes(name) + "; give auto, cpu, cuda or cuda:N");
  return std::stoi(digits);
}

}  // namespace

at::Device choose_device(const std::string& name) {
  if (name == "cpu") return at::kCPU;
  const auto gpus = static_cast<int>(torch::cuda::is_available() ? torch::cuda::device_count() : 0);
  if (name == "auto") return gpus > 0 ? at::Device(at::kCUDA, 0) : at::Device(at::kCPU);
  const int index = name == "cuda" ? 0 : index_in(name);
  if (index >= gpus)
    throw Error("the device \"" + name + "\" is not there: this LibTorch sees " + std::to_string(gpus) +
                " GPU(s); set it to \"auto\" or \"cpu\"");
  return at::Device(at::kCUDA, static_cast<c10::DeviceIndex>(index));
}

int prepare_compute(const EngineSettings& settings) {
  if (settings.allocator == "caching") cpu_allocator::install(static_cast<size_t>(settings.allocator_keep_mb) << 20);
  const int threads = settings.threads > 0 ? static_cast<int>(settings.threads)
                                           : static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  at::set_num_threads(threads);
  quiet_openblas();
  cv::setNumThreads(1);  // the loader's threads each do a whole image
  return threads;
}

}  // namespace mtl
