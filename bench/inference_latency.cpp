// A model's forward pass in evaluation, from normalized pixels to the logits of all heads.
#include <torch/nn/modules/batchnorm.h>
#include <torch/utils.h>

#include "bench/four_heads.h"
#include "framework/assembly/compute.h"
#include "framework/model/autocast.h"

namespace {

using namespace mtl;
using bench::Arguments;

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

void measure(const Arguments& arguments) {
  const int threads = prepare_compute(arguments.engine);
  const at::Device device = choose_device(arguments.engine.device);
  const auto precision = autocast_type(arguments.precision, device);
  torch::manual_seed(1);
  const torch::NoGradGuard no_grad;
  MultiTaskModel model = bench::make_model(arguments);
  const at::Tensor images =
      torch::randn({arguments.batch, arguments.size, arguments.size, 3}).permute({0, 3, 1, 2}).to(device);
  settle_statistics(model);
  model.to(device);

  bench::measure(arguments, device, threads, [&](int64_t) {
    const AutocastScope autocast(device, precision);
    double sum = 0;  // a GPU has finished only when it is known
    for (const at::Tensor& logits : model.forward(images)) sum += logits.to(at::kFloat).abs().sum().item<double>();
    return sum / static_cast<double>(arguments.batch);
  });
}

}  // namespace

int main(int argc, char** argv) {
  Arguments arguments;
  arguments.batch = 1;
  arguments.steps = 50;
  arguments.warmup = 5;
  return bench::run(argc, argv, "Times the forward pass in evaluation; prints a JSON object with the median.",
                    arguments, /*least_batch=*/1, measure);
}
