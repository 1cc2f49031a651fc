// TensorFlow's "same" padding by hand: of an image of ones, an output of a kernel of ones is how many pixels it sees.
#include <doctest/doctest.h>
#include <torch/torch.h>

#include "backbones/efficientnet/layers.h"

using namespace efficientnet;

namespace {

/// What each output of a kernel of ones sees, the batch-norm left at 0 and 1.
at::Tensor seen(int64_t side, int64_t kernel, bool as_tensorflow) {
  const torch::NoGradGuard no_grad;
  ConvNormActivation layer(ConvolutionShape{1, 1, kernel, 2}, LayerSettings{1e-9, 0.1, as_tensorflow}, false);
  layer.named_parameters()["0.weight"].fill_(1);
  layer.eval();
  return layer.forward(torch::ones({1, 1, side, side})).squeeze();
}

}  // namespace

TEST_CASE("an even side has its odd row of zeros at the far end") {
  CHECK(torch::allclose(seen(4, 3, true), torch::tensor({{9.0F, 6.0F}, {6.0F, 4.0F}})));
  CHECK(torch::allclose(seen(4, 3, false), torch::tensor({{4.0F, 6.0F}, {6.0F, 9.0F}})));
  // kernel 5 on 4 pixels: 1 zero before, 2 behind
  CHECK(torch::allclose(seen(4, 5, true), torch::tensor({{16.0F, 12.0F}, {12.0F, 9.0F}})));
}

TEST_CASE("an odd side is padded alike at both ends, as without it") {
  for (const int64_t kernel : {3, 5}) CHECK(torch::allclose(seen(5, kernel, true), seen(5, kernel, false)));
}
