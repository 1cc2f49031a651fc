#include "framework/train/exponential_average.h"

#include <doctest/doctest.h>
#include <torch/torch.h>

using namespace mtl;

TEST_CASE("the average follows the state as the formula says") {
  const at::Tensor weight = torch::zeros({1}), count = torch::zeros({}, torch::kInt64);
  ExponentialAverage average({{"w", weight}, {"n", count}}, 0.5);
  double expected = 0;
  for (int t = 1; t <= 20; ++t) {
    weight.fill_(t);
    count.fill_(t);
    average.update();
    const double decay = std::min(0.5, (1.0 + t) / (10.0 + t));
    expected = decay * expected + (1 - decay) * t;
  }
  average.swap();
  CHECK(weight.item<double>() == doctest::Approx(expected));
  CHECK(count.item<int64_t>() == 20);
  average.swap();
  CHECK(weight.item<double>() == 20);
}

TEST_CASE("every value is averaged, in any layout and type") {
  const std::vector<at::Tensor> all{torch::zeros({70, 300}),
                                    torch::zeros({3, 5, 2, 2}).contiguous(at::MemoryFormat::ChannelsLast),
                                    torch::zeros({9}, torch::kDouble), torch::zeros({8, 8}).slice(1, 0, 3)};
  std::vector<NamedTensor> state;
  for (const at::Tensor& tensor : all) state.push_back({"t", tensor});
  ExponentialAverage average(state, 0.5);
  for (const at::Tensor& tensor : all) tensor.fill_(11);
  average.update();  // d = min(0.5, 2/11)
  average.swap();
  for (const at::Tensor& tensor : all) CHECK((tensor - 9).abs().max().item<double>() < 1e-5);
}

TEST_CASE("a scope puts everything back") {
  const at::Tensor weight = torch::ones({1});
  ExponentialAverage average({{"w", weight}}, 0.9);
  weight.fill_(5);
  {
    const AveragedScope scope(&average);
    CHECK(weight.item<double>() == 1);
  }
  CHECK(weight.item<double>() == 5);
  const AveragedScope nothing(nullptr);
}
