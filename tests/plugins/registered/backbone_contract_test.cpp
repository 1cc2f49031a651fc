// What every registered backbone promises.
#include <doctest/doctest.h>
#include <torch/torch.h>

#include "tests/plugins/registered/registered.h"

using namespace mtl;

namespace {

std::shared_ptr<Backbone> make(const std::string& name) {
  torch::manual_seed(7);
  return test::registry().make_backbone({name, "test", {}});
}

at::Tensor images(int64_t count) {
  torch::manual_seed(3);
  return torch::randn({count, 3, 32, 32}).contiguous(at::MemoryFormat::ChannelsLast);
}

}  // namespace

TEST_CASE("the registered backbones are found") { CHECK(test::offered(PluginKind::backbone).size() >= 9); }

TEST_CASE("every backbone keeps its promises") {
  for (const std::string& name : test::offered(PluginKind::backbone)) {
    CAPTURE(name);
    const auto backbone = make(name);
    const int threads = at::get_num_threads();

    backbone->eval();
    {
      torch::NoGradGuard no_grad;
      for (int64_t count : {1, 2}) {
        const Features features = backbone->forward(images(count));
        CHECK(features.pooled.sizes() == at::IntArrayRef({count, backbone->shape().width}));
        CHECK(features.map.size(0) == count);
        CHECK(features.map.size(1) == backbone->shape().map_channels);
        CHECK(features.pooled.isfinite().all().item<bool>());
      }
      const auto twin = make(name);
      twin->eval();
      CHECK(torch::equal(twin->forward(images(2)).pooled, backbone->forward(images(2)).pooled));
    }

    backbone->train();
    backbone->forward(images(2)).pooled.square().sum().backward();
    for (const auto& item : backbone->named_parameters()) {
      CAPTURE(item.key());
      REQUIRE(item.value().grad().defined());
      CHECK(item.value().grad().isfinite().all().item<bool>());
    }
    CHECK(at::GradMode::is_enabled());
    CHECK(at::get_num_threads() == threads);
  }
}
