// Passes that meet each value once, without LibTorch: of every instruction set, against their formulas in double
// precision.
#include "tests/backbones/kernel_reference.h"

using namespace efficientnet::kernels;
using namespace efficientnet::test;

namespace {

struct Case {
  int64_t channels;
  int64_t images;
  int64_t rows_per_image;
  int64_t rows() const { return images * rows_per_image; }
  int64_t width() const { return padded(channels); }
};
const std::vector<Case> cases{{8, 1, 1}, {16, 3, 7}, {40, 2, 65}, {8, 1, 150}, {24, 4, 20}};

/// Two parts that meet inside an image.
std::vector<Range> parts_of(const Case& of) {
  const int64_t middle = of.rows() * 2 / 5;
  if (middle == 0) return {{0, of.rows()}};
  return {{0, middle}, {middle, of.rows()}};
}

/// z with its batch-norm, a gradient and a residual; and what comes per image.
template <class T>
struct Inputs {
  Case of;
  Memory<T> z, gradient, residual;
  RandomNorm norm;
  Memory<float> factor, dpooled;
  NormedRows<T> view;

  Inputs(std::mt19937& generator, const Case& shape)
      : of(shape),
        z(random_rows<T>(generator, of.rows(), of.channels)),
        gradient(random_rows<T>(generator, of.rows(), of.channels)),
        residual(random_rows<T>(generator, of.rows(), of.channels)),
        norm(generator, of.channels),
        factor(random_values(generator, of.images)),
        dpooled(random_rows<float>(generator, of.images, of.channels)),
        view{z.data(), of.width(), of.rows_per_image, norm.norm()} {}

  int64_t image(int64_t row) const { return row / of.rows_per_image; }
  double z_at(int64_t row, int64_t c) const { return value_of(z[row * of.width() + c]); }
  double gradient_at(int64_t row, int64_t c) const { return value_of(gradient[row * of.width() + c]); }
  double normalized(int64_t row, int64_t c) const { return norm.normalized(c, z_at(row, c)); }
  Matrix standardized() const {
    return each([&](int64_t r, int64_t c) { return norm.standardized(c, z_at(r, c)); });
  }
  template <class Value>
  Matrix each(const Value& value) const {
    return matrix_of(of.rows(), of.channels, value);
  }
};

template <class T>
void check_activate_forward(const ChannelKernels<T>& with, const Inputs<T>& from, bool wants_values) {
  const Case& of = from.of;
  const Memory<T> y(of.rows() * of.width());
  const auto sums = zeros<float>(of.images * of.width());
  for (const Range& part : parts_of(of)) {
    const int64_t first_image = from.image(part.begin);
    float* const own_sums = sums.data() + first_image * of.width();
    with.activate_forward({from.view, wants_values ? y.data() : nullptr, own_sums, first_image}, part);
  }
  const Matrix expected = from.each([&](int64_t r, int64_t c) { return silu(from.normalized(r, c)); });
  Matrix of_images(of.images, of.channels);
  for (int64_t r = 0; r < of.rows(); ++r)
    for (int64_t c = 0; c < of.channels; ++c) of_images.at(from.image(r), c) += expected.at(r, c);
  if (wants_values) check_rows<T>(y, expected);
  check_rows<T>(sums, of_images);
}

template <class T>
void check_activate_backward(const ChannelKernels<T>& with, const Inputs<T>& from, bool has_dy, bool has_dpooled) {
  const Case& of = from.of;
  const Memory<T> g(of.rows() * of.width());
  const Sums sums(of.channels);
  const ActivateBackward<T> to{from.view, has_dy ? from.gradient.data() : nullptr,
                               has_dpooled ? from.dpooled.data() : nullptr, g.data(), sums.view()};
  for (const Range& part : parts_of(of)) with.activate_backward(to, part);
  const Matrix expected = from.each([&](int64_t r, int64_t c) {
    const double dy = has_dy ? from.gradient_at(r, c) : 0;
    const double dpooled = has_dpooled ? value_of(from.dpooled[from.image(r) * of.width() + c]) : 0;
    return (dy + dpooled) * slope(from.normalized(r, c));
  });
  check_rows<T>(g, expected);
  sums.check<T>(expected, from.standardized());
}

template <class T>
void check_normalize(const ChannelKernels<T>& with, const Inputs<T>& from, bool has_factor, bool has_residual) {
  const Case& of = from.of;
  const Memory<T> y(of.rows() * of.width());
  const Sums sums(of.channels);
  const float* const factors = has_factor ? from.factor.data() : nullptr;
  for (const Range& part : parts_of(of)) {
    with.normalize_forward({from.view, factors, has_residual ? from.residual.data() : nullptr, y.data()}, part);
    with.normalize_backward({from.view, from.gradient.data(), factors, sums.view()}, part);
  }
  const auto factor = [&](int64_t row) { return has_factor ? value_of(from.factor[from.image(row)]) : 1.0; };
  check_rows<T>(y, from.each([&](int64_t r, int64_t c) {
    return factor(r) * from.normalized(r, c) + (has_residual ? value_of(from.residual[r * of.width() + c]) : 0);
  }));
  sums.check<T>(from.each([&](int64_t r, int64_t c) { return factor(r) * from.gradient_at(r, c); }),
                from.standardized());
}

template <class T>
void check_all(const ChannelKernels<T>& with) {
  std::mt19937 generator(5);
  for (const Case& of : cases) {
    CAPTURE(of.channels);
    CAPTURE(of.images);
    CAPTURE(of.rows_per_image);
    const Inputs<T> from(generator, of);
    for (const bool wants_values : {false, true}) check_activate_forward(with, from, wants_values);
    check_activate_backward(with, from, true, true);
    check_activate_backward(with, from, true, false);
    check_activate_backward(with, from, false, true);
    for (const bool has_factor : {false, true})
      for (const bool has_residual : {false, true}) check_normalize(with, from, has_factor, has_residual);
  }
}

}  // namespace

TEST_CASE("channelwise passes of every instruction set, forwards and backwards") {
  for_every_instruction_set([](const auto& kernels) { check_all(kernels.channelwise); });
}
