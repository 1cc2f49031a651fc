#pragma once

#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <array>
#include <string>
#include <vector>

#include "framework/model/multi_task_model.h"
#include "plugins/host/plugin_registry.h"

/// The model that the benchmarks measure: a backbone with the project's four heads.
namespace mtl::bench {

/// The main task first.
inline constexpr std::array<const char*, 4> all_heads{"defect_class", "defect_normal", "region", "illumination"};

struct ModelArguments {
  std::string backbone = "efficientnet_b0", kernels = "auto", instruction_set = "auto", storage = "auto";
  size_t heads = all_heads.size();
};

inline void add_options(CLI::App& app, ModelArguments& arguments) {
  app.add_option("--backbone", arguments.backbone, "Name of a backbone")->capture_default_str();
  app.add_option("--heads", arguments.heads, "How many of the four, the main task's first")
      ->check(CLI::Range(size_t{1}, all_heads.size()))
      ->capture_default_str();
  app.add_option("--storage", arguments.storage,
                 "of the backbone's activations: auto (as precision), float32, bfloat16")
      ->capture_default_str();
  app.add_option("--kernels", arguments.kernels, "auto, fused, reference")->capture_default_str();
  app.add_option("--instruction-set", arguments.instruction_set, "auto, avx512_bf16, avx512, avx2, portable")
      ->capture_default_str();
}

inline MultiTaskModel make_model(const ModelArguments& arguments) {
  const host::PluginRegistry registry({MTL_BENCH_PLUGIN_DIR});
  const std::shared_ptr<Backbone> backbone =
      registry.make_backbone({arguments.backbone,
                              "--backbone",
                              {{"kernels", arguments.kernels, "--kernels"},
                               {"precision", arguments.storage, "--storage"},
                               {"instruction_set", arguments.instruction_set, "--instruction-set"}}});
  std::vector<NamedHead> heads;
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

}  // namespace mtl::bench
