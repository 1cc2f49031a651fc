#pragma once

#include <memory>
#include <string>
#include <vector>

#include "mtl/loss_weighting.h"
#include "plugins/host/plugin_registry.h"

namespace mtl::test {

inline const host::PluginRegistry& registry() {
  static const host::PluginRegistry plugins({MTL_TEST_PLUGIN_DIR});
  return plugins;
}

inline WeightingContext context_of(std::vector<double> static_weights, size_t main_task = 0, uint64_t seed = 5) {
  WeightingContext context;
  for (size_t k = 0; k < static_weights.size(); ++k) context.tasks.push_back("task" + std::to_string(k));
  context.static_weights = std::move(static_weights);
  context.main_task = main_task;
  context.seed = seed;
  return context;
}

/// Tests read numbers only: an option's value is a double or an integer.
inline std::shared_ptr<LossWeighting> made(const std::string& name, const WeightingContext& context,
                                           const std::vector<host::GivenOption>& options = {}) {
  host::PluginChoice choice;
  choice.name = name;
  choice.where = "test";
  choice.options = options;
  return registry().make_weighting(choice, context);
}

inline const std::vector<std::string> methods{"equal",
                                              "uncertainty",
                                              "dwa",
                                              "rlw",
                                              "gls",
                                              "famo",
                                              "stch",
                                              "gradnorm",
                                              "mgda",
                                              "pcgrad",
                                              "cagrad",
                                              "imtl_g",
                                              "imtl",
                                              "aligned_mtl",
                                              "nash_mtl",
                                              "fairgrad",
                                              "upgrad",
                                              "db_mtl",
                                              "gradient_gating",
                                              "main_protecting",
                                              "static_weights"};

}  // namespace mtl::test
