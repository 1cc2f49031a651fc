// The depthwise convolution alone, without LibTorch: of every instruction set, against plain loops in double precision.
#include "tests/backbones/depthwise_reference.h"

using namespace efficientnet::kernels;
using namespace efficientnet::test;

namespace {

struct Case {
  int64_t channels;
  int64_t images;
  DepthwiseShape shape;
  int64_t inputs() const { return images * shape.height * shape.width; }
  int64_t outputs() const { return images * shape.out_height() * shape.out_width(); }
};

template <class Body>
void for_every_case(const Body& body) {
  struct Size {
    int64_t images, height, width;
  };
  for (const Size& size : {Size{2, 1, 1}, {3, 5, 7}, {1, 9, 4}, {2, 3, 19}})
    for (const int64_t channels : {8, 16, 40})
      for (const int64_t kernel : {3, 5})
        for (const int64_t stride : {1, 2}) {
          CAPTURE(size.height);
          CAPTURE(size.width);
          CAPTURE(channels);
          CAPTURE(kernel);
          CAPTURE(stride);
          body(Case{channels, size.images, {padded(channels), kernel, stride, size.height, size.width}});
        }
}

/// As threads share the work: an image in two parts, the others together.
std::vector<DepthwisePart> parts_of(int64_t images, int64_t rows) {
  std::vector<DepthwisePart> parts{{{0, 1}, {rows / 2, rows}}};
  if (rows > 1) parts.push_back({{0, 1}, {0, rows / 2}});
  if (images > 1) parts.push_back({{1, images}, {0, rows}});
  return parts;
}

/// The convolution's input before norm and SiLU, and what they make of it.
template <class T>
struct Input {
  Memory<T> z;
  RandomNorm norm;
  bool has_norm;
  Matrix values, slopes, standardized;

  Input(std::mt19937& generator, const Case& of, bool with_norm)
      : z(random_rows<T>(generator, of.inputs(), of.channels)),
        norm(generator, of.channels),
        has_norm(with_norm),
        values(read(z, of.inputs(), of.channels)),
        slopes(values),
        standardized(values) {
    if (!has_norm) return;
    const Matrix plain = values;
    const auto each = [&](const auto& value) {
      return matrix_of(plain.rows, plain.columns, [&](int64_t r, int64_t c) { return value(c, plain.at(r, c)); });
    };
    values = each([&](int64_t c, double v) { return silu(norm.normalized(c, v)); });
    slopes = each([&](int64_t c, double v) { return slope(norm.normalized(c, v)); });
    standardized = each([&](int64_t c, double v) { return norm.standardized(c, v); });
  }
  Norm view() const { return has_norm ? norm.norm() : Norm{}; }
};

template <class T>
void check_forward(std::mt19937& generator, const DepthwiseKernels<T>& with, const Case& of, bool with_norm) {
  const Input<T> input(generator, of, with_norm);
  const DepthwiseWeights<T> weights(generator, with, of.channels, of.shape.kernel);
  const Matrix expected = convolved(of.shape, of.images, input.values, weights.matrix());
  for (const bool stream : {false, true}) {
    const Memory<T> z2(of.outputs() * of.shape.channels);
    const Sums sums(of.channels);
    const Memory<float> workspace(with.workspace_size(of.shape));
    const DepthwiseForward<T> to{of.shape,  input.z.data(), input.view(), weights.packed.data(),
                                 z2.data(), stream,         sums.view()};
    for (const DepthwisePart& part : parts_of(of.images, of.shape.out_height()))
      with.forward(to, part, workspace.data());
    check_rows<T>(z2, expected);
    sums.check<T>(expected, expected);
  }
}

/// What comes back from squeeze-excite and the projection, and the gradient of z2 that it makes.
template <class T>
struct OutputGradient {
  Memory<T> t, z2;
  RandomNorm norm;
  Memory<float> gate, dpool;

  OutputGradient(std::mt19937& generator, const Case& of)
      : t(random_rows<T>(generator, of.outputs(), of.channels)),
        z2(random_rows<T>(generator, of.outputs(), of.channels)),
        norm(generator, of.channels),
        gate(random_rows<float>(generator, of.images, of.channels)),
        dpool(random_rows<float>(generator, of.images, of.channels)) {}

  Matrix dz2(const Case& of) const {
    return matrix_of(of.outputs(), of.channels, [&](int64_t r, int64_t c) {
      const int64_t at = r * of.shape.channels + c;
      const int64_t in_image = r / (of.outputs() / of.images) * of.shape.channels + c;
      const double da2 = value_of(t[at]) * value_of(gate[in_image]) + value_of(dpool[in_image]);
      const double z = value_of(z2[at]);
      return norm.gradient_of(c, da2 * slope(norm.normalized(c, z)), z);
    });
  }
};

template <class T>
void check_backward(std::mt19937& generator, const DepthwiseKernels<T>& with, const Case& of, bool with_norm,
                    bool with_residual) {
  const Input<T> input(generator, of, with_norm);
  const OutputGradient<T> output(generator, of);
  const DepthwiseWeights<T> weights(generator, with, of.channels, of.shape.kernel);
  const Memory<T> residual = random_rows<T>(generator, of.inputs(), of.channels);
  const int64_t taps = weights.taps;
  const Matrix kernel = weights.matrix(), dz2 = output.dz2(of);
  Matrix g1(of.inputs(), of.channels), dkernel(of.channels, taps);
  over_taps(of.shape, of.images, [&](int64_t out, int64_t in, int64_t tap) {
    for (int64_t c = 0; c < of.channels; ++c) {
      g1.at(in, c) += dz2.at(out, c) * kernel.at(c, tap);
      dkernel.at(c, tap) += dz2.at(out, c) * input.values.at(in, c);
    }
  });
  if (with_norm)
    g1 = matrix_of(g1.rows, g1.columns, [&](int64_t r, int64_t c) { return g1.at(r, c) * input.slopes.at(r, c); });
  if (with_residual) g1 = plus(g1, read(residual, of.inputs(), of.channels));

  for (const bool stream : {false, true}) {
    const Memory<T> found(of.inputs() * of.shape.channels);
    const auto dweights = zeros<float>(weights.packed.size());
    const Sums sums(of.channels);
    const Memory<float> workspace(with.workspace_size(of.shape));
    const DepthwiseBackward<T> to{of.shape,
                                  output.t.data(),
                                  output.z2.data(),
                                  output.norm.norm(),
                                  output.norm.gradient(),
                                  output.gate.data(),
                                  output.dpool.data(),
                                  input.z.data(),
                                  input.view(),
                                  weights.packed.data(),
                                  dweights.data(),
                                  found.data(),
                                  stream,
                                  with_residual ? residual.data() : nullptr,
                                  sums.view()};
    for (const DepthwisePart& part : parts_of(of.images, of.shape.height)) with.backward(to, part, workspace.data());
    check_rows<T>(found, g1);
    if (with_norm) sums.check<T>(g1, input.standardized);
    const Memory<float> unpacked(of.shape.channels * taps);
    with.unpack(dweights.data(), of.shape.channels, taps, unpacked.data());
    const auto dweight = [&](int64_t c, int64_t tap) { return value_of(unpacked[c * taps + tap]); };
    check_close<T>(matrix_of(of.channels, taps, dweight), dkernel);
    for (int64_t i = of.channels * taps; i < unpacked.size(); ++i) REQUIRE(unpacked[i] == 0);
  }
}

}  // namespace

TEST_CASE("depthwise convolutions of every instruction set, forwards and backwards") {
  for_every_instruction_set([](const auto& kernels) {
    std::mt19937 generator(3);
    for_every_case([&](const Case& of) {
      check_forward(generator, kernels.depthwise, of, true);
      check_forward(generator, kernels.depthwise, of, false);
      check_backward(generator, kernels.depthwise, of, true, false);
      check_backward(generator, kernels.depthwise, of, false, false);
      check_backward(generator, kernels.depthwise, of, false, true);
    });
  });
}

TEST_CASE("depthwise weights packed by every instruction set come back as they were") {
  for_every_instruction_set([](const auto& kernels) {
    std::mt19937 generator(4);
    for (const int64_t channels : {8, 16, 40}) {
      const DepthwiseWeights weights(generator, kernels.depthwise, channels, 5);
      const Memory<float> unpacked(weights.values.size());
      kernels.depthwise.unpack(weights.packed.data(), channels, weights.taps, unpacked.data());
      for (int64_t i = 0; i < unpacked.size(); ++i) REQUIRE(unpacked[i] == weights.values[i]);
    }
  });
}
