#pragma once

#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <chrono>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "framework/config/run_config.h"
#include "framework/model/multi_task_model.h"
#include "framework/train/openmp_waits.h"
#include "mtl/error.h"
#include "plugins/host/plugin_registry.h"

/// What the benchmarks measure, a backbone with the project's four heads, and how they say it.
namespace mtl::bench {

/// The main task first.
inline constexpr std::array<const char*, 4> all_heads{"defect_class", "defect_normal", "region", "illumination"};

struct Arguments {
  std::string backbone = "efficientnet_b0", kernels = "auto", instruction_set = "auto", storage = "auto";
  size_t heads = all_heads.size();
  std::string precision = "float32";
  EngineSettings engine;
  int64_t size = 224, batch, steps, warmup;
};

inline void add_options(CLI::App& app, Arguments& arguments, int least_batch) {
  app.add_option("--backbone", arguments.backbone, "Name of a backbone")->capture_default_str();
  app.add_option("--heads", arguments.heads, "How many of the four, the main task's first")
      ->check(CLI::Range(size_t{1}, all_heads.size()))
      ->capture_default_str();
  app.add_option("--storage", arguments.storage,
                 "of the backbone's activations: auto (as precision), float32, bfloat16")
      ->capture_default_str();
  app.add_option("--kernels", arguments.kernels, "auto, fused, reference")->capture_default_str();
  app.add_option("--instruction-set", arguments.instruction_set, "auto, amx, avx512_bf16, avx512, avx2, portable")
      ->capture_default_str();
  app.add_option("--precision", arguments.precision, "float32, bfloat16, float16")->capture_default_str();
  app.add_option("--size", arguments.size, "Pixels of a side")->check(CLI::Range(32, 1024))->capture_default_str();
  app.add_option("--batch", arguments.batch, "Images")->check(CLI::Range(least_batch, 1024))->capture_default_str();
  app.add_option("--steps", arguments.steps, "Timed steps")->check(CLI::Range(1, 10000))->capture_default_str();
  app.add_option("--warmup", arguments.warmup, "Steps before them")->check(CLI::Range(0, 100))->capture_default_str();
  app.add_option("--threads", arguments.engine.threads, "0: one per core")->capture_default_str();
  app.add_option("--allocator", arguments.engine.allocator, "caching, system")->capture_default_str();
  app.add_option("--device", arguments.engine.device, "auto, cpu, cuda")->capture_default_str();
}

inline MultiTaskModel make_model(const Arguments& arguments) {
  const host::PluginRegistry registry({MTL_BENCH_PLUGIN_DIR});
  const std::shared_ptr<Backbone> backbone =
      registry.make_backbone({arguments.backbone,
                              "--backbone",
                              {{"kernels", arguments.kernels, "--kernels"},
                               {"precision", arguments.storage, "--storage"},
                               {"instruction_set", arguments.instruction_set, "--instruction-set"}}});
  std::vector<GuardedHead> heads;
  for (size_t i = 0; i < arguments.heads; ++i) {
    const char* name = all_heads[i];
    heads.push_back({name, registry.make_head({name, name, {}}, name, backbone->shape())});
  }
  return {backbone, heads};
}

inline double peak_memory_mib() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

/// Times step(number), which returns what is checked in the first one, and prints a JSON object with the median.
template <class Step>
void measure(const Arguments& arguments, const at::Device& device, int threads, const Step& step) {
  std::vector<double> seconds;
  double output = 0;
  for (int64_t number = 0; number < arguments.warmup + arguments.steps; ++number) {
    const auto start = std::chrono::steady_clock::now();
    const double found = step(number);
    if (number == 0) output = found;
    if (number >= arguments.warmup)
      seconds.push_back(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  }
  std::sort(seconds.begin(), seconds.end());
  const double median = seconds[seconds.size() / 2];
  const nlohmann::ordered_json result{{"engine", "mtl-engine"},
                                      {"device", device.str()},
                                      {"threads", threads},
                                      {"milliseconds", 1000 * median},
                                      {"images_per_second", static_cast<double>(arguments.batch) / median},
                                      {"peak_memory_mib", peak_memory_mib()},
                                      {"output", output}};
  std::cout << result.dump() << "\n";
}

/// The program: parses the command line and calls body(arguments).
template <class Body>
int run(int argc, char** argv, const std::string& what, Arguments arguments, int least_batch, const Body& body) {
  shorten_openmp_waits(argv);
  CLI::App app{what};
  add_options(app, arguments, least_batch);
  CLI11_PARSE(app, argc, argv);
  try {
    body(arguments);
  } catch (const Error& error) {
    std::cerr << error.what() << "\n";
    return 1;
  }
  return 0;
}

}  // namespace mtl::bench
