// A model's forward pass in evaluation, from normalized pixels to the logits of all heads.
#include <torch/nn/modules/batchnorm.h>
#include <torch/utils.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <iostream>
#include <nlohmann/json.hpp>

#include "bench/four_heads.h"
#include "framework/train/autocast.h"
#include "framework/train/compute.h"
#include "framework/train/openmp_waits.h"

namespace {

using namespace mtl;

struct Arguments {
  bench::ModelArguments model;
  EngineSettings engine;
  std::string precision = "float32";
  int64_t size = 224, batch = 1, steps = 50, warmup = 5;
};

/// Gives the network the running statistics of random images, their variance a quarter larger: with the initial ones
/// the values of a random network fade from layer to layer, with the exact ones every rounding grows.
void settle_statistics(MultiTaskModel& model) {
  std::vector<torch::nn::BatchNorm2dImpl*> norms;
  for (const auto& module : model.backbone().modules())
    if (auto* norm = module->as<torch::nn::BatchNorm2d>()) norms.push_back(norm);
  for (auto* norm : norms) norm->options.momentum(1.0);
  model.train(true);
  model.forward(torch::randn({8, 3, 64, 64}));
  for (auto* norm : norms) norm->running_var.mul_(1.25);
  model.train(false);
}

nlohmann::ordered_json measure(const Arguments& arguments) {
  const int threads = prepare_compute(arguments.engine);
  const at::Device device = choose_device(arguments.engine.device);
  const auto precision = autocast_type(arguments.precision, device);
  torch::manual_seed(1);
  const torch::NoGradGuard no_grad;
  MultiTaskModel model = bench::make_model(arguments.model);
  const at::Tensor images =
      torch::randn({arguments.batch, arguments.size, arguments.size, 3}).permute({0, 3, 1, 2}).to(device);
  settle_statistics(model);
  model.to(device);

  std::vector<double> seconds;
  double outputs = 0;
  for (int64_t step = 0; step < arguments.warmup + arguments.steps; ++step) {
    const auto start = std::chrono::steady_clock::now();
    double sum = 0;  // a GPU has finished only when it is known
    {
      const AutocastScope autocast(device, precision);
      for (const at::Tensor& logits : model.forward(images)) sum += logits.to(at::kFloat).abs().sum().item<double>();
    }
    if (step == 0) outputs = sum / static_cast<double>(arguments.batch);
    if (step >= arguments.warmup)
      seconds.push_back(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  }
  std::sort(seconds.begin(), seconds.end());
  const double median = seconds[seconds.size() / 2];
  return {{"engine", "mtl-engine"},
          {"device", device.str()},
          {"threads", threads},
          {"milliseconds", 1000 * median},
          {"images_per_second", static_cast<double>(arguments.batch) / median},
          {"peak_memory_mib", bench::peak_memory_mib()},
          {"output", outputs}};
}

}  // namespace

int main(int argc, char** argv) {
  shorten_openmp_waits(argv);
  Arguments arguments;
  CLI::App app{"Times the forward pass in evaluation; prints a JSON object with the median."};
  bench::add_options(app, arguments.model);
  app.add_option("--size", arguments.size, "Pixels of a side")->check(CLI::Range(32, 1024))->capture_default_str();
  app.add_option("--batch", arguments.batch, "Images")->check(CLI::Range(1, 1024))->capture_default_str();
  app.add_option("--steps", arguments.steps, "Timed passes")->check(CLI::Range(1, 10000))->capture_default_str();
  app.add_option("--warmup", arguments.warmup, "Passes before them")->check(CLI::Range(0, 100))->capture_default_str();
  app.add_option("--threads", arguments.engine.threads, "0: one per core")->capture_default_str();
  app.add_option("--allocator", arguments.engine.allocator, "caching, system")->capture_default_str();
  app.add_option("--device", arguments.engine.device, "auto, cpu, cuda")->capture_default_str();
  app.add_option("--precision", arguments.precision, "float32, bfloat16, float16")->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  try {
    std::cout << measure(arguments).dump() << "\n";
  } catch (const Error& error) {
    std::cerr << error.what() << "\n";
    return 1;
  }
}
