// One training step of a backbone with the four heads, as `mtl-engine run` makes it, on random pixels.
#include <torch/utils.h>

#include "bench/four_heads.h"
#include "framework/assembly/compute.h"
#include "framework/model/autocast.h"
#include "framework/train/optimizer.h"
#include "framework/train/task_losses.h"

namespace {

using namespace mtl;
using bench::Arguments;

Batch random_batch(const MultiTaskModel& model, const Arguments& arguments) {
  Batch batch;
  batch.images = torch::randn({arguments.batch, arguments.size, arguments.size, 3}).permute({0, 3, 1, 2});
  for (const GuardedHead& head : model.heads()) {
    const auto classes = static_cast<int64_t>(head.classes().names.size());
    batch.targets.push_back(torch::randint(classes, {arguments.batch}, torch::kLong));
    batch.labelled.push_back(torch::ones({arguments.batch}, torch::kBool));
    batch.any_labelled.push_back(true);
  }
  return batch;
}

void measure(const Arguments& arguments) {
  const int threads = prepare_compute(arguments.engine);
  const at::Device device = choose_device(arguments.engine.device);
  const auto precision = autocast_type(arguments.precision, device);
  torch::manual_seed(1);
  MultiTaskModel model = bench::make_model(arguments);
  Batch batch = random_batch(model, arguments);
  model.to(device);
  batch.to(device);
  model.train();
  const auto optimizer = make_optimizer(OptimizerSettings{}, model.parameters());

  bench::measure(arguments, device, threads, [&](int64_t step) {
    at::Tensor total = torch::zeros({}, device);
    {
      const AutocastScope autocast(device, precision);
      const auto outputs = model.forward(batch.images, static_cast<uint64_t>(step));
      for (const TaskLoss& loss : task_losses(model.heads(), outputs, batch)) total = total + loss.mean;
    }
    total.backward();
    optimizer->step(OptimizerSettings{}.learning_rate);
    optimizer->zero_grad();
    return total.item<double>();  // a GPU has finished only now
  });
}

}  // namespace

int main(int argc, char** argv) {
  Arguments arguments;
  arguments.batch = 16;
  arguments.steps = 10;
  arguments.warmup = 3;
  return bench::run(argc, argv, "Times the training step; prints a JSON object with the median.", arguments,
                    /*least_batch=*/2, measure);
}
