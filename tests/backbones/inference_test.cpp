// Evaluation without gradients, with the batch-norms folded in, against plain LibTorch in double precision.
#include <ATen/Parallel.h>
#include <doctest/doctest.h>
#include <torch/torch.h>

#include <algorithm>
#include <limits>

#include "backbones/efficientnet/kernels/instruction_set.h"
#include "framework/model/autocast.h"
#include "tests/backbones/networks.h"

using namespace mtl;
using namespace mtl::test;

namespace {

/// A network whose batch-norms have statistics, weights and biases of their own.
std::shared_ptr<Backbone> grown_up(const std::string& name) {
  torch::manual_seed(1);
  const auto backbone = make_network(name, {{"kernels", "reference", ""}});
  {
    const torch::NoGradGuard no_grad;
    for (const auto& item : backbone->named_parameters())
      if (item.value().dim() == 1) item.value().add_(0.2 * torch::randn_like(item.value()));
  }
  settle_statistics(*backbone, torch::randn({8, 3, 64, 64}) + 0.5);
  backbone->eval();
  return backbone;
}

std::shared_ptr<Backbone> copy_of(const Backbone& origin, const std::string& name, Given options,
                                  at::ScalarType type = at::kFloat) {
  const auto copy = make_network(name, std::move(options));
  copy->to(type);
  copy_state(origin, *copy);
  copy->eval();
  return copy;
}

Features evaluated(Backbone& backbone, const at::Tensor& images) {
  const torch::NoGradGuard no_grad;
  return backbone.forward(images.contiguous(at::MemoryFormat::ChannelsLast));
}

Features evaluated_in_bfloat16(Backbone& backbone, const at::Tensor& images) {
  const AutocastScope autocast(at::kCPU, at::kBFloat16);
  return evaluated(backbone, images);
}

double relative_error(const at::Tensor& found, const at::Tensor& exact) {
  REQUIRE(found.sizes() == exact.sizes());
  REQUIRE(found.isfinite().all().item<bool>());
  return ((found.to(at::kDouble) - exact).norm() / exact.norm()).item<double>();
}

double error_of(const Features& found, const Features& exact) {
  return std::max(relative_error(found.map, exact.map), relative_error(found.pooled, exact.pooled));
}

/// The number of LibTorch's threads while it lives.
class Threads {
 public:
  explicit Threads(int number) : before_(at::get_num_threads()) { at::set_num_threads(number); }
  ~Threads() { at::set_num_threads(before_); }
  Threads(const Threads&) = delete;
  Threads& operator=(const Threads&) = delete;

 private:
  int before_;
};

const std::vector<std::string> storages{"float32", "bfloat16"};

/// Twice LibTorch's own error; or sixteen roundings, where LibTorch's was lucky on a few values: how lucky depends on the
/// machine.
double allowed_in_float32(double eager) { return std::max(2 * eager, 16.0 * std::numeric_limits<float>::epsilon()); }

}  // namespace

TEST_CASE("features of every size, batch and number of threads, with errors below LibTorch's own of that precision") {
  const auto origin = grown_up("efficientnet_b0");
  const auto exactly = copy_of(*origin, "efficientnet_b0", {{"kernels", "reference", ""}}, at::kDouble);
  struct Case {
    std::vector<int64_t> images;
    int threads;
  };
  for (const auto& [sizes, threads] : {Case{{1, 3, 33, 47}, 1}, Case{{1, 3, 33, 47}, 2}, Case{{1, 3, 224, 224}, 2},
                                       Case{{3, 3, 96, 64}, 2}, Case{{1, 3, 1, 1}, 2}, Case{{1, 3, 160, 90}, 5}}) {
    CAPTURE(sizes);
    CAPTURE(threads);
    const Threads number(threads);
    const at::Tensor images = torch::randn(sizes);
    const Features exact = evaluated(*exactly, images.to(at::kDouble));
    const double eager = error_of(evaluated(*origin, images), exact);
    const double eager_bfloat16 = error_of(evaluated_in_bfloat16(*origin, images), exact);
    for (const std::string& set : efficientnet::kernels::instruction_sets())
      for (const std::string& storage : storages) {
        CAPTURE(set);
        CAPTURE(storage);
        const auto backbone =
            copy_of(*origin, "efficientnet_b0",
                    {{"kernels", "fused", ""}, {"instruction_set", set, ""}, {"precision", storage, ""}});
        CHECK(error_of(evaluated(*backbone, images), exact) <
              (storage == "float32" ? allowed_in_float32(eager) : eager_bfloat16));
      }
  }
}

TEST_CASE("larger networks, with blocks that neither expand nor follow the stem") {
  for (const std::string name : {"efficientnet_b1", "efficientnet_b4"}) {
    CAPTURE(name);
    const auto origin = grown_up(name);
    const auto exactly = copy_of(*origin, name, {{"kernels", "reference", ""}}, at::kDouble);
    const at::Tensor images = torch::randn({2, 3, 65, 40});
    const Features exact = evaluated(*exactly, images.to(at::kDouble));
    const double eager = error_of(evaluated(*origin, images), exact);
    const auto backbone = copy_of(*origin, name, {{"kernels", "fused", ""}, {"instruction_set", "portable", ""}});
    CHECK(error_of(evaluated(*backbone, images), exact) < allowed_in_float32(eager));
  }
}

TEST_CASE("an image gives the same features alone and in a batch, to the last digits; the same call, the same bits") {
  const auto origin = grown_up("efficientnet_b0");
  for (const std::string& storage : storages) {
    CAPTURE(storage);
    const auto backbone =
        copy_of(*origin, "efficientnet_b0",
                {{"kernels", "fused", ""}, {"precision", storage, ""}, {"instruction_set", "portable", ""}});
    const Threads number(2);
    const at::Tensor images = torch::randn({5, 3, 64, 96});
    const Features batch = evaluated(*backbone, images);
    const at::Tensor kept = batch.pooled.clone();
    for (int64_t i = 0; i < images.size(0); ++i) {
      const Features alone = evaluated(*backbone, images.narrow(0, i, 1));
      CHECK(relative_error(alone.pooled, batch.pooled.narrow(0, i, 1).to(at::kDouble)) <
            (storage == "float32" ? 1e-5 : 1e-2));
    }
    CHECK(torch::equal(evaluated(*backbone, images).pooled, kept));
    CHECK(torch::equal(batch.pooled, kept));  // later calls leave what earlier ones gave
  }
}

TEST_CASE("any change of a parameter or a statistic is seen by the next call") {
  const auto origin = grown_up("efficientnet_b0");
  const auto backbone =
      copy_of(*origin, "efficientnet_b0", {{"kernels", "fused", ""}, {"instruction_set", "portable", ""}});
  const at::Tensor images = torch::randn({2, 3, 48, 48});
  const auto agrees = [&] {
    const at::Tensor expected = evaluated(*origin, images).pooled.to(at::kDouble);
    return relative_error(evaluated(*backbone, images).pooled, expected) < 1e-5;
  };
  REQUIRE(agrees());
  for (const std::string name :
       {"features.0.1.running_var", "features.2.0.block.0.0.weight", "features.3.0.block.2.fc1.bias",
        "features.4.1.block.2.fc2.weight", "features.5.0.block.3.1.running_mean", "features.8.1.bias"}) {
    CAPTURE(name);
    {
      const torch::NoGradGuard no_grad;
      auto tensors = origin->named_parameters();
      tensors.update(origin->named_buffers());
      tensors[name].mul_(1.5).add_(0.3);
    }
    CHECK_FALSE(agrees());  // the change reaches the features
    copy_state(*origin, *backbone);
    CHECK(agrees());
  }
}

TEST_CASE("a training pass moves the running statistics, and evaluation after it takes them") {
  const auto origin = grown_up("efficientnet_b0");
  const auto backbone =
      copy_of(*origin, "efficientnet_b0",
              {{"kernels", "fused", ""}, {"instruction_set", "portable", ""}, {"stochastic_depth", 0.0, ""}});
  const auto eager = copy_of(*origin, "efficientnet_b0", {{"kernels", "reference", ""}, {"stochastic_depth", 0.0, ""}});
  const at::Tensor images = torch::randn({2, 3, 48, 48});
  evaluated(*backbone, images);
  for (const auto& network : {backbone, eager}) {
    network->train();
    network->forward((2 * images + 1).contiguous(at::MemoryFormat::ChannelsLast));
    network->eval();
  }
  const at::Tensor expected = evaluated(*eager, images).pooled.to(at::kDouble);
  CHECK(relative_error(evaluated(*origin, images).pooled, expected) > 1e-2);
  CHECK(relative_error(evaluated(*backbone, images).pooled, expected) < 1e-3);  // statistics of a training pass
}

TEST_CASE("with gradients wanted, evaluation goes through autograd as before") {
  const auto backbone =
      make_network("efficientnet_b0", {{"kernels", "fused", ""}, {"instruction_set", "portable", ""}});
  backbone->eval();
  const Features features = backbone->forward(torch::randn({1, 3, 32, 32}));
  CHECK(features.map.requires_grad());
}
