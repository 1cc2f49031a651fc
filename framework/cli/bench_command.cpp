#include "framework/cli/bench_command.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <iostream>
#include <nlohmann/json.hpp>
#include <opencv2/core.hpp>

#include "framework/assembly/compute.h"
#include "framework/bundle/open_model.h"
#include "framework/infer/predictor.h"

namespace mtl {
namespace {

struct Timing {
  std::string precision;
  int batch;
  size_t calls;
  double median_ms, p99_ms;  ///< of a call
  double per_second;         ///< pictures, over all calls
};

/// Any pixels do: the time does not depend on them.
std::vector<cv::Mat> random_pictures(int count, int size) {
  std::vector<cv::Mat> pictures;
  cv::RNG generator(1);
  for (int i = 0; i < count; ++i) {
    pictures.emplace_back(size, size, CV_8UC3);
    generator.fill(pictures.back(), cv::RNG::UNIFORM, 0, 256);
  }
  return pictures;
}

/// The smallest value that at least this share of all does not exceed. `sorted` is not empty.
double quantile(const std::vector<double>& sorted, double share) {
  const auto rank = static_cast<size_t>(std::ceil(share * static_cast<double>(sorted.size())));
  return sorted[std::max<size_t>(rank, 1) - 1];
}

Timing time(Predictor& predictor, const std::string& precision, const std::vector<cv::Mat>& pictures,
            double least_seconds) {
  using clock = std::chrono::steady_clock;
  constexpr int warm_ups = 3;
  constexpr size_t least_calls = 20;
  for (int i = 0; i < warm_ups; ++i) predictor.predict(pictures);
  std::vector<double> milliseconds;
  double total = 0;
  while (milliseconds.size() < least_calls || total < 1000 * least_seconds) {
    const auto start = clock::now();
    predictor.predict(pictures);
    milliseconds.push_back(std::chrono::duration<double, std::milli>(clock::now() - start).count());
    total += milliseconds.back();
  }
  std::sort(milliseconds.begin(), milliseconds.end());
  const size_t calls = milliseconds.size(), answered = calls * pictures.size();
  return {precision,
          static_cast<int>(pictures.size()),
          calls,
          quantile(milliseconds, 0.5),
          quantile(milliseconds, 0.99),
          1000 * static_cast<double>(answered) / total};
}

void print_json(const std::vector<Timing>& timings, const std::string& device, int threads, int64_t size,
                std::ostream& out) {
  nlohmann::ordered_json object{{"device", device}, {"threads", threads}, {"size", size}};
  for (const Timing& timing : timings)
    object["timings"].push_back({{"precision", timing.precision},
                                 {"batch", timing.batch},
                                 {"calls", timing.calls},
                                 {"median_ms", timing.median_ms},
                                 {"p99_ms", timing.p99_ms},
                                 {"pictures_per_second", timing.per_second}});
  out << object.dump(2) << "\n";
}

void print_table(const std::vector<Timing>& timings, std::ostream& out) {
  char line[128];
  std::snprintf(line, sizeof line, "%-10s %6s %7s %12s %12s %12s\n", "precision", "batch", "calls", "median ms",
                "p99 ms", "pictures/s");
  out << line;
  for (const Timing& timing : timings) {
    std::snprintf(line, sizeof line, "%-10s %6d %7zu %12.2f %12.2f %12.1f\n", timing.precision.c_str(), timing.batch,
                  timing.calls, timing.median_ms, timing.p99_ms, timing.per_second);
    out << line;
  }
}

}  // namespace

int bench(const BenchArguments& arguments, std::ostream& out) {
  UsableModel opened = open_model(arguments.model, arguments.plugins);
  const int threads = prepare_compute(opened.config.engine);
  const at::Device device = choose_device(arguments.device);
  const int64_t size = opened.config.input.size;
  std::vector<Timing> timings;
  for (const std::string& precision : arguments.precisions) {
    Predictor predictor(*opened.model, {opened.config.input, device, opened.decisions, precision});
    for (const int batch : arguments.batches)
      timings.push_back(time(predictor, precision, random_pictures(batch, static_cast<int>(size)), arguments.seconds));
  }
  if (arguments.as_json) {
    print_json(timings, device.str(), threads, size, out);
    return 0;
  }
  out << opened.name << ": " << size << " x " << size << " pixels, " << opened.model->heads().size() << " tasks, "
      << device.str() << ", " << threads << " threads; from prepared pixels to answers\n";
  print_table(timings, out);
  return 0;
}

}  // namespace mtl
