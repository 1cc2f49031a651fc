// One training step under a loss weighting beside one under static weights, in turns, on random pixels.
#include <torch/utils.h>

#include "bench/four_heads.h"
#include "framework/assembly/compute.h"
#include "framework/model/autocast.h"
#include "framework/train/optimizer.h"
#include "framework/train/shared_gradient.h"
#include "mtl/error.h"

namespace {

using namespace mtl;
using bench::Arguments;
using Clock = std::chrono::steady_clock;

struct Weighted {
  std::string name = "mgda", over = "backbone";
};

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

/// A model that is trained under one weighting.
class Training {
 public:
  Training(const Arguments& arguments, const Weighted& weighted, const at::Device& device)
      : model_(bench::make_model(arguments)),
        device_(device),
        precision_(autocast_type(arguments.precision, device)),
        batch_(random_batch(model_, arguments)),
        meter_(model_.heads().size(), 0, 0, device) {
    model_.to(device);
    batch_.to(device);
    model_.train();
    optimizer_ = make_optimizer(OptimizerSettings{}, model_.parameters());
    WeightingContext context;
    for (const GuardedHead& head : model_.heads()) {
      context.tasks.push_back(head.task());
      context.static_weights.push_back(1);
    }
    const host::PluginRegistry registry({MTL_BENCH_PLUGIN_DIR});
    weighting_ = registry.make_weighting({weighted.name, "--weighting", {}}, context);
    shared_.emplace(model_, WeightingPart{*weighting_, weighted.name, "none", weighted.over, context.static_weights});
  }

  double seconds_of_step() {
    const auto start = Clock::now();
    const BatchPlace place{step_, 0, 1, 1};
    shared_->begin_step();
    std::vector<TaskLoss> losses;
    at::Tensor total;
    std::optional<FeatureCut> cut;
    {
      const AutocastScope autocast(device_, precision_);
      torch::manual_seed(static_cast<uint64_t>(step_));
      cut.emplace(model_.features(batch_.images), model_.heads().size());
      losses = task_losses(model_.heads(), model_.forward(cut->leaves(), static_cast<uint64_t>(step_)), batch_);
      for (const TaskLoss& loss : losses) total = total.defined() ? total + loss.mean : loss.mean;
    }
    total.backward();
    shared_->add(*cut, losses, place, nullptr);
    shared_->finish_step(place, meter_);
    optimizer_->step(OptimizerSettings{}.learning_rate);
    optimizer_->zero_grad();
    if (shared_->looks_back()) {
      const torch::NoGradGuard no_grad;
      shared_->look_back(task_losses(model_.heads(), outputs_of(model_, batch_, step_), batch_));
    }
    total.item<double>();  // a GPU has finished only now
    ++step_;
    return std::chrono::duration<double>(Clock::now() - start).count();
  }

 private:
  MultiTaskModel model_;
  at::Device device_;
  std::optional<at::ScalarType> precision_;
  Batch batch_;
  GradientMeter meter_;
  std::unique_ptr<Optimizer> optimizer_;
  std::shared_ptr<LossWeighting> weighting_;
  std::optional<SharedGradient> shared_;
  int64_t step_ = 0;
};

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

void measure(const Arguments& arguments, const Weighted& weighted) {
  prepare_compute(arguments.engine);
  const at::Device device = choose_device(arguments.engine.device);
  torch::manual_seed(1);
  Training plain(arguments, {"static_weights", "backbone"}, device), other(arguments, weighted, device);
  std::vector<double> seconds, plain_seconds, ratios;
  for (int64_t step = 0; step < arguments.warmup + arguments.steps; ++step) {
    const double a = plain.seconds_of_step(), b = other.seconds_of_step();
    if (step < arguments.warmup) continue;
    plain_seconds.push_back(a);
    seconds.push_back(b);
    ratios.push_back(b / a);
  }
  std::cout << nlohmann::ordered_json{{"weighting", weighted.name},
                                      {"over", weighted.over},
                                      {"static_ms", 1e3 * median(plain_seconds)},
                                      {"ms", 1e3 * median(seconds)},
                                      {"ratio", median(ratios)},
                                      {"peak_memory_mib", bench::peak_memory_mib()}}
                   .dump()
            << "\n";
}

}  // namespace

int main(int argc, char** argv) {
  Arguments arguments;
  arguments.batch = 16;
  arguments.steps = 20;
  arguments.warmup = 3;
  Weighted weighted;
  CLI::App app("Times a training step under a loss weighting beside one under static weights; prints a JSON object.");
  bench::add_options(app, arguments, 2);
  app.add_option("--weighting", weighted.name, "Name of a loss weighting")->capture_default_str();
  app.add_option("--over", weighted.over, "backbone, last_stage, features")->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  shorten_openmp_waits(argv);
  try {
    measure(arguments, weighted);
  } catch (const Error& error) {
    std::cerr << error.what() << "\n";
    return 1;
  }
}
