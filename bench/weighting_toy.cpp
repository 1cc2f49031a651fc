// The two-dimensional problem of CAGrad's paper (Liu et al., NeurIPS 2021, appendix): two losses whose gradients oppose
// each other on the way, with a known Pareto set. Each method goes from the published starts; the ways become an SVG.
#include <array>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

#include "mtl/error.h"
#include "plugins/host/plugin_registry.h"

namespace {

using namespace mtl;

/// A value and its derivatives by the two unknowns.
struct Dual {
  double value = 0;
  std::array<double, 2> by{};
};

Dual chain(const Dual& x, double value, double slope) { return {value, {slope * x.by[0], slope * x.by[1]}}; }
Dual operator+(const Dual& a, const Dual& b) { return {a.value + b.value, {a.by[0] + b.by[0], a.by[1] + b.by[1]}}; }
Dual operator+(const Dual& a, double b) { return chain(a, a.value + b, 1); }
Dual operator*(const Dual& a, double b) { return chain(a, a.value * b, b); }
Dual operator*(const Dual& a, const Dual& b) {
  return {a.value * b.value, {a.by[0] * b.value + a.value * b.by[0], a.by[1] * b.value + a.value * b.by[1]}};
}
Dual square(const Dual& a) { return a * a; }
Dual tanh(const Dual& a) {
  const double t = std::tanh(a.value);
  return chain(a, t, 1 - t * t);
}
/// log(max(|a|, 5e-6)), as published.
Dual log_of_size(const Dual& a) {
  const double size = std::abs(a.value);
  return size < 5e-6 ? Dual{std::log(5e-6), {}} : chain(a, std::log(size), 1 / a.value);
}
Dual positive(const Dual& a) { return a.value > 0 ? a : Dual{}; }

using Point = std::array<double, 2>;

std::array<Dual, 2> losses_at(const Point& point) {
  const Dual x{point[0], {1, 0}}, y{point[1], {0, 1}};
  const Dual upper = positive(tanh(y * 0.5)), lower = positive(tanh(y * -0.5)), t = tanh(y * -1) * -1;
  const Dual f1 = log_of_size((x * -1 + -7) * 0.5 + t) + 6, f2 = log_of_size((x * -1 + 3) * 0.5 + t + 2) + 6;
  const Dual height = square(y * -1 + -8) * 0.1;
  const Dual g1 = (square(x * -1 + 7) + height) * 0.1 + -20, g2 = (square(x * -1 + -7) + height) * 0.1 + -20;
  return {f1 * upper + g1 * lower, f2 * upper + g2 * lower};
}

/// Adam at a rate of 0.001 for 100 000 steps, as published.
std::vector<Point> way(const std::string& method, const host::PluginRegistry& registry, Point point) {
  constexpr int steps = 100'000, kept_every = 250;
  WeightingContext context{{"L1", "L2"}, {1, 1}, 0, 1};
  const auto weighting = registry.make_weighting({method, "toy", {}}, context);
  Point first{}, second{};
  std::vector<Point> points{point};
  for (int number = 0; number < steps; ++number) {
    const auto losses = losses_at(point);
    WeightingStep step;
    step.step = number;
    step.losses = {losses[0].value, losses[1].value};
    step.labelled = {true, true};
    for (const Dual& a : losses)
      for (const Dual& b : losses) step.gramian.push_back(a.by[0] * b.by[0] + a.by[1] * b.by[1]);
    const std::vector<double> weights = weighting->weights(step);
    for (size_t i = 0; i < 2; ++i) {
      const double gradient = weights[0] * losses[0].by[i] + weights[1] * losses[1].by[i];
      first[i] += 0.1 * (gradient - first[i]);
      second[i] += 0.001 * (gradient * gradient - second[i]);
      const double mean = first[i] / (1 - std::pow(0.9, number + 1)),
                   size = second[i] / (1 - std::pow(0.999, number + 1));
      point[i] -= 0.001 * mean / (std::sqrt(size) + 1e-8);
    }
    if (number % kept_every == 0) points.push_back(point);
  }
  points.push_back(point);
  return points;
}

constexpr double left = -11, right = 11, pixels = 190, gap = 14, title = 18;

double to_pixels(double x) { return (x - left) / (right - left) * pixels; }

/// Darker where the mean loss is lower.
std::string landscape() {
  constexpr int cells = 38;
  std::string svg;
  for (int i = 0; i < cells; ++i)
    for (int j = 0; j < cells; ++j) {
      const double side = (right - left) / cells, x = left + (i + 0.5) * side, y = left + (j + 0.5) * side;
      const auto losses = losses_at({x, y});
      const double share = std::min(1.0, std::max(0.0, ((losses[0].value + losses[1].value) / 2 + 20) / 30));
      char text[160];
      std::snprintf(text, sizeof text, "<rect x='%.1f' y='%.1f' width='5.1' height='5.1' fill='hsl(210 30%% %.0f%%)'/>",
                    to_pixels(x) - 2.5, pixels - to_pixels(y) - 2.5, 55 + 40 * share);
      svg += text;
    }
  return svg;
}

std::string polyline(const std::vector<Point>& points) {
  std::string svg = "<polyline fill='none' stroke='#b03030' stroke-width='1.4' points='";
  for (const Point& point : points) {
    char text[60];
    std::snprintf(text, sizeof text, "%.1f,%.1f ", to_pixels(point[0]), pixels - to_pixels(point[1]));
    svg += text;
  }
  char end[160];
  std::snprintf(end, sizeof end, "'/><circle cx='%.1f' cy='%.1f' r='3' fill='#b03030'/>", to_pixels(points.back()[0]),
                pixels - to_pixels(points.back()[1]));
  return svg + end;
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc != 2) {
    std::cerr << "usage: " << argv[0] << " OUT.svg\n";
    return 2;
  }
  const host::PluginRegistry registry({MTL_BENCH_PLUGIN_DIR});
  const std::vector<std::string> methods{"equal",       "mgda",     "pcgrad",   "cagrad", "imtl_g",
                                         "aligned_mtl", "nash_mtl", "fairgrad", "upgrad", "main_protecting"};
  const std::array<Point, 3> starts{Point{-8.5, 7.5}, Point{-8.5, 5}, Point{9, 9}};
  const std::string ground = landscape();
  constexpr int columns = 5;
  std::string body;
  for (size_t m = 0; m < methods.size(); ++m) {
    const double x = static_cast<double>(m % columns) * (pixels + gap),
                 y = static_cast<double>(m / columns) * (pixels + gap + title);
    char begin[120];
    std::snprintf(begin, sizeof begin, "<g transform='translate(%.0f %.0f)'><text x='2' y='-4'>", x + gap,
                  y + title + 4);
    body += begin + methods[m] + "</text><use href='#ground'/>";
    // The Pareto set of the lower half, where all ways should end.
    char front[160];
    std::snprintf(front, sizeof front,
                  "<line x1='%.1f' x2='%.1f' y1='%.1f' y2='%.1f' stroke='#202020' stroke-width='2'/>", to_pixels(-7),
                  to_pixels(7), pixels - to_pixels(-8.36), pixels - to_pixels(-8.36));
    body += front;
    for (const Point& start : starts) {
      const std::vector<Point> points = way(methods[m], registry, start);
      const auto end = losses_at(points.back());
      std::printf("%-16s from (%5.1f, %4.1f) to (%6.2f, %6.2f), losses %7.3f and %7.3f\n", methods[m].c_str(), start[0],
                  start[1], points.back()[0], points.back()[1], end[0].value, end[1].value);
      body += polyline(points);
    }
    body += "</g>";
  }
  char head[240];
  std::snprintf(
      head, sizeof head,
      "<svg xmlns='http://www.w3.org/2000/svg' width='%.0f' height='%.0f' font-family='sans-serif' font-size='13'>"
      "<rect width='100%%' height='100%%' fill='white'/>",
      columns * (pixels + gap) + gap, 2 * (pixels + gap + title) + gap);
  std::ofstream(argv[1]) << head << "<defs><g id='ground'>" << ground << "</g></defs>" << body << "</svg>\n";
  return 0;
} catch (const mtl::Error& error) {
  std::cerr << error.what() << "\n";
  return 1;
}
