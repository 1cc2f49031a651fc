// One training step of a backbone with the four heads, as `mtl-engine run` makes it, on random pixels.
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
#include "framework/train/optimizer.h"
#include "framework/train/task_losses.h"

namespace {

using namespace mtl;

struct Arguments {
  bench::ModelArguments model;
  EngineSettings engine;
  std::string precision = "float32";
  int64_t size = 224, batch = 16, steps = 10, warmup = 3;
};

Batch random_batch(const MultiTaskModel& model, const Arguments& arguments) {
  Batch batch;
  batch.images = torch::randn({arguments.batch, arguments.size, arguments.size, 3}).permute({0, 3, 1, 2});
  for (const NamedHead& named : model.heads()) {
    const auto classes = static_cast<int64_t>(named.head->classes().names.size());
    batch.targets.push_back(torch::randint(classes, {arguments.batch}, torch::kLong));
    batch.labelled.push_back(torch::ones({arguments.batch}, torch::kBool));
    batch.any_labelled.push_back(true);
  }
  return batch;
}

nlohmann::ordered_json measure(const Arguments& arguments) {
  const int threads = prepare_compute(arguments.engine);
  const at::Device device = choose_device(arguments.engine.device);
  const auto precision = autocast_type(arguments.precision, device);
  torch::manual_seed(1);
  MultiTaskModel model = bench::make_model(arguments.model);
  Batch batch = random_batch(model, arguments);
  model.to(device);
  batch.to(device);
  model.train();
  const auto optimizer = make_optimizer(OptimizerSettings{}, model.parameters());

  std::vector<double> seconds;
  double first_loss = 0;
  for (int64_t step = 0; step < arguments.warmup + arguments.steps; ++step) {
    const auto start = std::chrono::steady_clock::now();
    at::Tensor total = torch::zeros({}, device);
    {
      const AutocastScope autocast(device, precision);
      const auto outputs = model.forward(batch.images, static_cast<uint64_t>(step));
      for (const TaskLoss& loss : task_losses(model.heads(), outputs, batch)) total = total + loss.mean;
    }
    total.backward();
    optimizer->step(OptimizerSettings{}.learning_rate);
    optimizer->zero_grad();
    const double loss = total.item<double>();  // a GPU has finished only now
    if (step == 0) first_loss = loss;
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
          {"output", first_loss}};
}

}  // namespace

int main(int argc, char** argv) {
  shorten_openmp_waits(argv);
  Arguments arguments;
  CLI::App app{"Times the training step; prints a JSON object with the median."};
  bench::add_options(app, arguments.model);
  app.add_option("--size", arguments.size, "Pixels of a side")->check(CLI::Range(32, 1024))->capture_default_str();
  app.add_option("--batch", arguments.batch, "Images")->check(CLI::Range(2, 1024))->capture_default_str();
  app.add_option("--steps", arguments.steps, "Timed steps")->check(CLI::Range(1, 10000))->capture_default_str();
  app.add_option("--warmup", arguments.warmup, "Steps before them")->check(CLI::Range(0, 100))->capture_default_str();
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
