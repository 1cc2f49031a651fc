// The fused kernels against plain LibTorch in double precision, for every instruction set of this processor.
#include <doctest/doctest.h>
#include <torch/torch.h>

#include <random>

#include "backbones/efficientnet/mbconv.h"

using namespace efficientnet;

namespace {

constexpr LayerSettings norm_settings{1e-3, 0.1};

/// A block, and what multiplies its part of the sum with the residual (undefined: nothing).
struct Case {
  BlockShape shape;
  int64_t images, height, width;
  bool training = true;
  bool drops_images = false;
  double slack = 1e-6;  // relative error beyond that of LibTorch: a few roundings, where chance decides
};

std::ostream& operator<<(std::ostream& out, const Case& c) {
  const BlockShape& s = c.shape;
  return out << s.in_channels << " -> " << s.out_channels << ", expansion " << s.expansion << ", kernel " << s.kernel
             << ", stride " << s.stride << "; " << c.images << " images of " << c.height << "x" << c.width
             << (c.training ? "" : ", evaluation") << (c.drops_images ? ", stochastic depth" : "");
}

/// A block's outputs, gradients and running statistics under their names.
using Results = std::map<std::string, at::Tensor>;

void collect(const torch::nn::Module& block, Results& results) {
  for (const auto& item : block.named_parameters()) results["gradient of " + item.key()] = item.value().grad();
  for (const auto& item : block.named_buffers()) results[item.key()] = item.value().clone();
}

/// Weights that make each part matter: torchvision's initial gammas of one and zero shifts would hide mistakes.
std::shared_ptr<MBConv> make_block(const Case& c) {
  auto block = std::make_shared<MBConv>(c.shape, norm_settings, 0.0);
  const torch::NoGradGuard no_grad;
  for (const auto& item : block->named_parameters())
    if (item.value().dim() == 1) item.value().uniform_(0.3, 1.5);
  for (const auto& item : block->named_buffers())
    if (item.value().is_floating_point()) item.value().uniform_(0.5, 1.5);
  block->train(c.training);
  return block;
}

std::shared_ptr<MBConv> copy_of(const MBConv& block, const Case& c, at::ScalarType type) {
  auto copy = std::make_shared<MBConv>(c.shape, norm_settings, 0.0);
  copy->to(type);
  const torch::NoGradGuard no_grad;
  for (const auto& item : block.named_parameters()) copy->named_parameters()[item.key()].copy_(item.value());
  for (const auto& item : block.named_buffers()) copy->named_buffers()[item.key()].copy_(item.value());
  copy->train(c.training);
  return copy;
}

struct Inputs {
  at::Tensor x;         // [N,C,H,W]
  at::Tensor gradient;  // of the block's output
  at::Tensor factor;    // [N], or undefined
};

Inputs make_inputs(const Case& c) {
  const int64_t stride = c.shape.stride;
  Inputs inputs{torch::randn({c.images, c.shape.in_channels, c.height, c.width}),
                torch::randn({c.images, c.shape.out_channels, (c.height - 1) / stride + 1, (c.width - 1) / stride + 1}),
                {}};
  if (c.drops_images) {
    inputs.factor = torch::full({c.images}, 1.25);
    inputs.factor[0] = 0;
  }
  return inputs;
}

Results reference(const MBConv& from, const Case& c, const Inputs& inputs, at::ScalarType type) {
  const auto block = copy_of(from, c, type);
  const at::Tensor x = inputs.x.to(type, false, /*copy=*/true).requires_grad_();
  at::Tensor y = block->forward(x);
  if (inputs.factor.defined()) y = x + (y - x) * inputs.factor.to(type).view({-1, 1, 1, 1});
  y.backward(inputs.gradient.to(type));
  Results results{{"output", y.detach()}, {"gradient of x", x.grad()}};
  collect(*block, results);
  return results;
}

at::Tensor to_rows(const at::Tensor& x) {
  return torch::constant_pad_nd(x.permute({0, 2, 3, 1}), {0, kernels::padded(x.size(1)) - x.size(1)}).contiguous();
}
at::Tensor from_rows(const at::Tensor& rows, int64_t channels) {
  return rows.narrow(3, 0, channels).permute({0, 3, 1, 2});
}

Results fused_results(const kernels::Kernels& with, const MBConv& from, const Case& c, const Inputs& inputs) {
  const auto block = copy_of(from, c, at::kFloat);
  const fused::Block parts = block->fused(with, nullptr);
  const at::Tensor x = to_rows(inputs.x).requires_grad_();
  const at::Tensor y = fused::forward(parts, x, inputs.factor, at::kFloat);
  y.backward(to_rows(inputs.gradient));
  Results results{
      {"output", from_rows(y.detach(), c.shape.out_channels)},
      {"gradient of x", from_rows(x.grad(), c.shape.in_channels)},
      {"padding of the output", y.detach().narrow(3, c.shape.out_channels, y.size(3) - c.shape.out_channels)}};
  collect(*block, results);
  return results;
}

double relative_error(const at::Tensor& found, const at::Tensor& exact) {
  const double difference = (found.to(at::kDouble) - exact).norm().item<double>();
  return difference / std::max(1e-30, exact.norm().item<double>());
}

/// Errors of the size that LibTorch has in float32.
void check_against_double(const Case& c) {
  CAPTURE(c);
  const auto block = make_block(c);
  const Inputs inputs = make_inputs(c);
  const Results exact = reference(*block, c, inputs, at::kDouble);
  const Results eager = reference(*block, c, inputs, at::kFloat);
  for (const std::string& set : kernels::instruction_sets()) {
    CAPTURE(set);
    const kernels::Kernels with = kernels::kernels_for(set);
    const Results found = fused_results(with, *block, c, inputs);
    CHECK(found.at("padding of the output").abs().sum().item<double>() == 0);
    for (const auto& [name, tensor] : exact) {
      CAPTURE(name);
      REQUIRE(found.at(name).sizes() == tensor.sizes());
      CHECK(relative_error(found.at(name), tensor) < 2 * relative_error(eager.at(name), tensor) + c.slack);
    }
  }
}

}  // namespace

TEST_CASE("every kind of block: outputs, gradients and running statistics") {
  torch::manual_seed(1);
  const std::vector<BlockShape> shapes{{32, 16, 1, 3, 1},  {16, 24, 6, 3, 2}, {24, 24, 6, 3, 1},
                                       {24, 40, 6, 5, 2},  {40, 40, 6, 5, 1}, {24, 24, 1, 3, 1},
                                       {40, 112, 6, 5, 1}, {56, 96, 6, 3, 2}, {192, 320, 6, 3, 1}};
  for (const BlockShape& shape : shapes) {
    check_against_double({shape, 2, 12, 12});
    check_against_double({shape, 1, 9, 5});
    check_against_double({shape, 3, 17, 24});
    check_against_double({shape, 2, 11, 7, /*training=*/false});
    if (shape.stride == 1 && shape.in_channels == shape.out_channels)
      check_against_double({shape, 3, 8, 9, true, /*drops_images=*/true});
  }
}

TEST_CASE("images smaller than a kernel, and a single pixel") {
  torch::manual_seed(2);
  for (const int64_t kernel : {3, 5})
    for (const int64_t stride : {1, 2})
      for (const auto& [images, height, width] : {std::array<int64_t, 3>{4, 1, 1}, {3, 2, 1}, {2, 1, 3}}) {
        Case c{{24, 24, 6, kernel, stride}, images, height, width};
        c.slack = 5e-5;  // batch-norm over a handful of values magnifies every rounding
        check_against_double(c);
      }
}

TEST_CASE("random shapes") {
  torch::manual_seed(3);
  std::mt19937 random(3);
  const auto draw = [&](int64_t low, int64_t high) {
    return std::uniform_int_distribution<int64_t>(low, high)(random);
  };
  for (int round = 0; round < 40; ++round) {
    const int64_t in = draw(1, 9) * 8;
    const bool same = draw(0, 1) == 1;
    const BlockShape shape{in, same ? in : draw(1, 40) * 4, draw(0, 2) == 0 ? 1 : draw(2, 6), 3 + 2 * draw(0, 1),
                           same ? 1 : draw(1, 2)};
    Case c{shape, draw(1, 5), draw(2, 30), draw(2, 30), draw(0, 3) > 0, same && draw(0, 1) == 1};
    c.slack = 1e-5;  // the gradients of as few as two squeezed channels may cancel out
    check_against_double(c);
  }
}

TEST_CASE("the same threads give the same bits; other threads the same values") {
  torch::manual_seed(4);
  const Case c{{24, 24, 6, 5, 1}, 3, 33, 47};
  const auto block = make_block(c);
  const Inputs inputs = make_inputs(c);
  const kernels::Kernels with = kernels::kernels_for(kernels::instruction_sets().front());
  const int threads = at::get_num_threads();
  at::set_num_threads(1);
  const Results one = fused_results(with, *block, c, inputs);
  at::set_num_threads(3);
  const Results three = fused_results(with, *block, c, inputs);
  const Results again = fused_results(with, *block, c, inputs);
  at::set_num_threads(threads);
  for (const auto& [name, tensor] : three) {
    CAPTURE(name);
    CHECK(torch::equal(tensor, again.at(name)));
    if (tensor.numel() > 0) CHECK(relative_error(tensor, one.at(name).to(at::kDouble)) < 1e-5);
  }
}

TEST_CASE("a graph can be gone through twice, and gradients add up") {
  torch::manual_seed(5);
  const Case c{{24, 24, 6, 3, 1}, 2, 8, 8};
  const auto block = make_block(c);
  const Inputs inputs = make_inputs(c);
  const kernels::Kernels with = kernels::kernels_for(kernels::instruction_sets().front());
  const fused::Block parts = block->fused(with, nullptr);
  const at::Tensor y = fused::forward(parts, to_rows(inputs.x), {}, at::kFloat);
  y.backward(to_rows(inputs.gradient), /*retain_graph=*/true);
  const at::Tensor once = block->parameters().front().grad().clone();
  y.backward(to_rows(inputs.gradient));
  CHECK(torch::equal(block->parameters().front().grad(), 2 * once));
}
